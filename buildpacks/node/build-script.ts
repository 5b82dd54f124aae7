/** What a project's build script does: only compile TypeScript (esbuild does that), or something that must run. */
import { posix } from "node:path";
import type { PlanOptions } from "../../src/sdk.ts";
import type { App } from "./app.ts";
import { changesDatabase } from "./database-commands.ts";
import type { Manifest } from "./manifest.ts";
import { unwrapped } from "./start.ts";
import { simpleCommands } from "./words.ts";

export interface BuildScript {
  /** Name in package.json: `build`, `gcp-build`, `heroku-postbuild`. */
  name: string;
  line: string;
  /** It only compiles, checks or tidies: bundling the source gives the same program. */
  compilesOnly: boolean;
  /** It emits decorator metadata or is a framework's compiler: esbuild alone would give another program. */
  needsCompiler: boolean;
}

const NAMES = ["build", "gcp-build", "heroku-postbuild"];
const COMPILERS =
  /^(?:tsc|tsc-alias|tsconfig-replace-paths|resolve-tspaths|tsup|tsdown|esbuild|swc|unbuild|babel|ncc|rimraf|rm|del-cli|del|mkdir|mkdirp|echo|eslint|prettier|biome|chmod|true|clean|sucrase|tspc|ttsc)$/;
/** They tidy: alone they build nothing. */
const TIDIES = /^(?:rimraf|rm|del-cli|del|mkdir|mkdirp|echo|chmod|true|clean|eslint|prettier|biome)$/;
/** Scripts of that name that do not make files for the app to run. */
const NO_BUILD =
  /^(?:docker|docker-compose|podman|buildah|gcloud|kubectl|git|serverless|sls|sam|cdk|pulumi|terraform|exit|jest|mocha|vitest|ava|electron-builder|pkg|nexe)$/;

/** @param before commands that the start script runs first: `npm run build:ts` among them is the build */
export function readBuildScript(
  manifest: Manifest | undefined,
  options: PlanOptions,
  before: readonly string[] = [],
): BuildScript | undefined {
  if (options.build !== undefined) {
    return options.build.trim() === ""
      ? undefined
      : { name: "", line: options.build, compilesOnly: false, needsCompiler: false };
  }
  for (const name of NAMES) {
    const script = manifest && named(name, manifest);
    if (script) return script;
  }
  return manifest && startBuilds(before, manifest);
}

function named(name: string, { scripts }: Manifest): BuildScript | undefined {
  const line = scripts[name];
  if (!line?.trim()) return undefined;
  const tools = toolsOf(line, scripts, 0);
  if (tools.every((tool) => NO_BUILD.test(tool) || TIDIES.test(tool))) return undefined;
  return scriptOf(name, line, tools, Boolean(scripts[`pre${name}`] ?? scripts[`post${name}`]));
}

function scriptOf(name: string, line: string, tools: readonly string[], hooks: boolean): BuildScript {
  return {
    name,
    line,
    compilesOnly: !hooks && tools.every((tool) => COMPILERS.test(tool)),
    needsCompiler: tools.includes("nest"),
  };
}

/** The file that the start script names is made of its source alone: by compilers, Bun's own, or a script of the project's that calls one. */
export function madeAsWritten({ start, build, manifest, source }: App): boolean {
  if (start?.kind !== "file" || build === undefined) return false;
  const own = [...build.line.matchAll(/\bnode\s+([\w./-]+\.[cm]?[jt]s)\b/g)].map(([, file = ""]) =>
    source.read(posix.normalize(file)),
  );
  const bundles = own.length > 0 && own.every((text) => /["'](?:esbuild|tsup|rollup|@swc\/core)["']/.test(text ?? ""));
  return toolsOf(build.line, manifest?.scripts ?? {}, 0).every(
    (tool) =>
      COMPILERS.test(tool) ||
      (tool === "node" && bundles) ||
      (tool === "bun" && /\bbun\s+(?:tsc|build)\b/.test(build.line)),
  );
}

/** The start script builds first, and no build script says so: `vite build && node server.js`. */
function startBuilds(before: readonly string[], manifest: Manifest): BuildScript | undefined {
  const commands = before.filter((command) => isBuild(command, manifest));
  const only = commands.length === 1 ? calledScript(commands[0] as string) : undefined;
  if (only !== undefined) return named(only, manifest);
  if (commands.length === 0) return undefined;
  const line = commands.join(" && ");
  return scriptOf("", line, toolsOf(line, manifest.scripts, 0), false);
}

/** `rimraf dist` alone builds nothing, and what touches a database belongs to the place where it runs. */
function isBuild(command: string, manifest: Manifest): boolean {
  if (changesDatabase(command, manifest.scripts)) return false;
  const script = calledScript(command);
  if (script !== undefined && manifest.scripts[script] !== undefined) return named(script, manifest) !== undefined;
  return BUILDERS.test(unwrapped(command.split(" ")).join(" "));
}

/** `npm run build:ts` → `build:ts`. */
export function calledScript(command: string): string | undefined {
  return /^(?:npm run|npm run-script|pnpm(?: run)?|yarn(?: run)?|bun run) (?:-\S+ )*([\w:.-]+)/.exec(command)?.[1];
}

const BUILDERS =
  /^(?:tsc|tsup|tsdown|esbuild|swc|babel|rollup|webpack|rspack|gulp|grunt|parcel build|vite build|next build|nuxt build|nuxi build|astro build|remix (?:vite:)?build|react-router build|nest build|ng build|react-scripts build|vue-cli-service build|svelte-kit build|eleventy|nitro build|ncc build|unbuild)\b/;

/** Programs that a script runs, scripts it calls included. */
export function toolsOf(line: string, scripts: Record<string, string>, depth: number): string[] {
  if (depth > 6) return ["?"];
  return simpleCommands(line).flatMap(({ words }) => {
    let at = 0;
    while (/^(?:npx|cross-env|env|shx|exec)$/.test(words[at] ?? "") || /^[A-Z_]+=/.test(words[at] ?? "")) at++;
    const rest = words.slice(at).filter((word, i) => i > 0 || word !== "--");
    const [name, first, second] = rest;
    if (name === undefined) return [];
    if (name === "cd") return ["cd"];
    if (/^(?:npm|yarn|pnpm|bun)$/.test(name)) {
      const script = first === "run" || first === "run-script" ? second : first;
      const inner = script === undefined || script.startsWith("-") ? undefined : scripts[script];
      return inner === undefined || inner === line ? [name] : toolsOf(inner, scripts, depth + 1);
    }
    if (/^(?:npm-run-all|run-s|run-p)$/.test(name)) {
      return rest
        .slice(1)
        .filter((word) => !word.startsWith("-"))
        .flatMap((script) =>
          scripts[script] === undefined ? ["?"] : toolsOf(scripts[script] as string, scripts, depth + 1),
        );
    }
    return [name.replace(/^(?:\.\/)?node_modules\/\.bin\//, "")];
  });
}
