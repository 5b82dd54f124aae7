/** A framework with a build of its own: one file each in frameworks/. */
import { posix } from "node:path";
import { KnbuildError, type Step } from "../../src/sdk.ts";
import type { App } from "./app.ts";
import { workerMain } from "./hosted.ts";

export interface Framework {
  /** Equal to the file's name. */
  id: string;
  /** What says that the app uses it; undefined: it does not. */
  detect(app: App): string[] | undefined;
  /** @throws where the project is configured for something that makes no server */
  plan(app: App): FrameworkPlan;
}

export interface FrameworkPlan {
  /**
   * How it is started, in `directory` where its files are looked up from there. `tool`: a package's program, found when the packages are installed. `static`: a directory of plain
   * files, and others that may hold them `instead`; `page`: one of them must hold an index.html; `written`: one by hand, there before the build. `fetch`: a module that exports a fetch handler, and the client's files beside it.
   */
  start:
    | { file: string; args?: string[]; directory?: string }
    | { tool: string; args: string[] }
    | { static: string; spa: boolean; instead?: string[]; page?: { written: string | undefined } }
    | { fetch: string; files: string };
  evidence: string;
  /** The program is the app's own, which the framework only compiled: where it listens this file says, the build's input. */
  ownProgram?: string;
  /** Command that builds; the project's own build script goes before it. undefined: nothing to build. */
  build: { command: string[]; outputs: string[]; env?: Record<string, string> } | undefined;
  /** Environment of the image that the framework documents. */
  env?: Record<string, string>;
  /**
   * What is shipped. `copy`: directories that hold all they need. `traced`: the build output, and what its files reach in
   * node_modules (none named: all production packages). Absent: bundled like any program. Not used for a static site.
   */
  ship?: { copy: Step[] } | { traced: string[]; include: string[] };
  warnings?: { code: string; message: string; hint?: string }[];
}

/** A file `NAME.config.{js,mjs,cjs,ts,mts,cts}` of the app: its path, and its text without comment lines. */
export function configFile(app: App, name: string): { file: string; text: string } | undefined {
  for (const extension of ["js", "mjs", "cjs", "ts", "mts", "cts"]) {
    const file = `${name}.${extension}`;
    const text = app.source.isFile(file) ? app.source.read(file) : undefined;
    if (text !== undefined) return { file, text: text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "") };
  }
  return undefined;
}

const PLATFORM_PLUGIN =
  /["'](@cloudflare\/vite-plugin|@netlify\/vite-plugin[\w-]*|@hono\/vite-build\/(?:cloudflare-\w+|deno|bun|netlify-\w+|aws-lambda)|@vercel\/(?:react-router|remix)\/vite|@netlify\/(?:remix-adapter|vite-plugin-react-router)[\w/-]*|vite-plugin-fastly[\w-]*|@fastly\/[\w-]+)["']/;

/** @throws FRAMEWORK_ADAPTER where a plugin of the bundler makes the build one for another platform's runtime */
export function assertNoPlatformPlugin(app: App, makes: string): void {
  if (/\bshopify hydrogen build\b/.test(app.build?.line ?? ""))
    throw new KnbuildError({
      code: "FRAMEWORK_ADAPTER",
      message: "shopify hydrogen build makes a worker for Oxygen, Shopify's own platform, not a Node server",
      where: "package.json",
      hint: `Build with the framework's own command, and without Oxygen's packages in the app: it then makes ${makes}.`,
    });
  const config = [configFile(app, "vite.config"), configFile(app, "react-router.config")].find(
    (found) => found && PLATFORM_PLUGIN.test(found.text),
  );
  const plugin = PLATFORM_PLUGIN.exec(config?.text ?? "")?.[1];
  if (config === undefined || plugin === undefined) return;
  const platform = /cloudflare|netlify|deno|bun|aws-lambda|vercel|fastly/.exec(plugin)?.[0];
  const worker = workerMain(app);
  throw new KnbuildError({
    code: "FRAMEWORK_ADAPTER",
    message: `${config.file} builds with ${plugin}: for ${platform}, not a Node server`,
    where: config.file,
    hint: worker
      ? `${worker.file} (${worker.from}) is its server, which runs there: deploy it with wrangler. A Node server needs the framework's adapter for Node, where it has one; without ${plugin} the build makes ${makes}.`
      : `Take ${plugin} out of ${config.file} (or use it in another configuration): the build then makes ${makes}.`,
  });
}

/** The server that a plugin of Vite's makes of an app which only answers requests: Hono's for Node. */
export function serverByVite(app: App): { file: string; from: string } | undefined {
  const config = configFile(app, "vite.config");
  const plugin = /["'](@hono\/vite-build\/node)["']/.exec(config?.text ?? "")?.[1];
  if (config === undefined || plugin === undefined) return undefined;
  const directory = stringProperty(config.text, "outputDir") ?? "dist";
  return {
    file: posix.join(directory, stringProperty(config.text, "output") ?? "index.js"),
    from: `${config.file}: ${plugin}`,
  };
}

/** What a member of a workspace has of a framework whose package the root alone names. */
const OWN_CONFIG: Record<string, string> = {
  vite: "vite.config",
  next: "next.config",
  nuxt: "nuxt.config",
  astro: "astro.config",
  "@sveltejs/kit": "svelte.config",
  "@react-router/dev": "react-router.config",
};

/** Evidence for a dependency of the app itself, undefined where it has none. */
export function ownDependency(app: App, name: string): string | undefined {
  const { manifest } = app;
  if (manifest?.dependencies[name] !== undefined)
    return `package.json: dependency ${name} ${manifest.dependencies[name]}`;
  if (manifest?.devDependencies[name] !== undefined)
    return `package.json: devDependency ${name} ${manifest.devDependencies[name]}`;
  const config = app.workspace && OWN_CONFIG[name];
  // A library has a configuration of Vite's too, and no page.
  const here = config && configFile(app, config) && (name !== "vite" || app.source.isFile("index.html"));
  const above = here ? app.dependency(name) : undefined;
  return above === undefined ? undefined : `package.json of the workspace's root: ${name} ${above}`;
}

/** The value of a string property in the text of a configuration file: `output: "export"`. */
export function stringProperty(text: string, name: string): string | undefined {
  return new RegExp(`\\b${name}["']?\\s*:\\s*["'\`]([^"'\`]+)["'\`]`).exec(text)?.[1];
}
