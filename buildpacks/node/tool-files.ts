/** Which of the app's files go with a package's program that starts it, though files of their kind are left out as a rule. */
import { posix } from "node:path";
import type { BundleStep } from "../../src/sdk.ts";
import type { App } from "./app.ts";

type Start = NonNullable<App["start"]>;

export function withToolFiles(app: App, start: Start, step: BundleStep): BundleStep {
  return {
    ...step,
    include: [...step.include, ...typescript(app, start), ...handed(app, start), ...settings(app, start)],
  };
}

/**
 * A framework's program reads the compiler's settings to find what its build made (Strapi). One that is handed a TypeScript
 * file (`listhen ./app.ts`) compiles that itself, and what it imports.
 */
function typescript({ source }: App, { args }: Start): string[] {
  const compiles = args.some((arg) => /\.[cm]?tsx?$/.test(arg) && source.isFile(arg.replace(/^\.\//, "")));
  if (!compiles && !source.isFile("tsconfig.json")) return [];
  return [...(compiles ? ["**/*.{ts,mts,cts,tsx}"] : []), "tsconfig*.json"];
}

/** What it is handed by name: `frontail app.log`, `mock --dir=test/mocks`. */
function handed({ source }: App, { args }: Start): string[] {
  return args
    .map((arg) => posix.normalize(arg.replace(/^--?[\w-]+=/, "")).replace(/\/$/, ""))
    .filter((path) => path !== "." && !/^(?:\/|\.\.|$)|[*?[\]{}!]/.test(path))
    .flatMap((path) => (source.isDirectory(path) ? [`${path}/**`] : source.isFile(path) ? [path] : []));
}

/** Settings that bear its name: `webpack.config.js`, `.mockrc`, `.mockrc.json`. */
function settings({ source }: App, { target }: Start): string[] {
  const own = posix.basename(target);
  return source
    .names()
    .filter((name) => [`${own}.config`, `.${own}rc`].some((stem) => name === stem || name.startsWith(`${stem}.`)));
}
