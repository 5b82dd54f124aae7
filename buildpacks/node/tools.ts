/** Programs of packages that a start script names: which may be servers, and what is to be known of them. */
import { lookForServer, resolveFile, type Source } from "../../src/sdk.ts";
import type { App } from "./app.ts";
import type { Manifest } from "./manifest.ts";

/** Programs that do not serve, whatever their package is. */
export function startable(app: App, tool: string): boolean {
  if (
    /^(?:tsc|jest|mocha|vitest|ava|eslint|prettier|rollup|webpack|esbuild|gulp|grunt|cypress|playwright|electron|expo|react-native|echo|exit|cat|ls|vite|ng|turbo|nx|lerna|nest|prisma|knex|sequelize|sequelize-cli|typeorm|drizzle-kit|node-pg-migrate|db-migrate|tsup|tsdown|ncc|pkg|husky|patch-package|rimraf|concurrently|wait-on|wait-port|start-test|start-server-and-test|nodemon|wrangler|miniflare|fastly|netlify|vercel|sst|serverless|sls|func|firebase|amplify|storybook)$/.test(
      tool,
    )
  )
    return false;
  const called = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(tool)?.[1];
  if (called !== undefined) return app.dependency(called) !== undefined;
  return app.manifest !== undefined && !/[$/]/.test(tool);
}

/**
 * A word besides options and their values that names a file, which the program may load: `forever app.js`. What only is a word
 * to it (`cowsay hi`), or a command, it has to start itself; a script that does not listen (`zx job.mjs`) leads no further.
 */
export function leadsOn({ source }: App, args: readonly string[]): boolean {
  return args.some((arg, at) => {
    if (arg.startsWith("-") || /^-[^=]*$/.test(args[at - 1] ?? "") || /^\w+:\/\//.test(arg)) return false;
    const script = resolveFile(source, arg.replace(/^\.\//, ""));
    return script === undefined ? /[/.]/.test(arg) || source.exists(arg) : mayListen(source, script);
  });
}

/** By itself: what its packages do is asked of the packages. */
function mayListen(source: Source, script: string): boolean {
  if (!/\.[cm]?[jt]sx?$/.test(script)) return true;
  const { verdict, evidence, files, unbuilt } = lookForServer(source, script);
  return verdict === "serves" || evidence !== undefined || unbuilt !== undefined || files.length === 0;
}

/** Packages one of which has the program that is started, for a look when they are installed. */
export function dependenciesHere(manifest: Manifest | undefined): { name: string; from: string }[] {
  const { dependencies, devDependencies, optionalDependencies } = manifest ?? {};
  const names = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
  return names.map((name) => ({ name, from: "." }));
}
