/**
 * Decorators with type information (`emitDecoratorMetadata`: NestJS, TypeORM). esbuild does not emit it, so the app's own
 * TypeScript (or swc, where only that is installed) compiles such files first.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { KnbuildError } from "../base/errors.ts";
import { parseJson } from "../base/json.ts";
import type { Decorators } from "./own-bundle.ts";
import type { Project } from "./project.ts";

interface TypeScript {
  readConfigFile(path: string, read: (path: string) => string | undefined): { config?: unknown };
  parseJsonConfigFileContent(config: unknown, host: unknown, dir: string): { options: Record<string, unknown> };
  sys: { readFile(path: string): string | undefined };
  transpileModule(
    text: string,
    options: { fileName: string; compilerOptions: Record<string, unknown> },
  ): { outputText: string };
  ModuleKind: { ESNext: number };
  ScriptTarget: { ES2022: number };
  JsxEmit: { React: number };
}

interface Swc {
  transformSync(text: string, options: Record<string, unknown>): { code: string };
}

/** Undefined where no tsconfig asks for it. @throws BUNDLE_DECORATORS where neither compiler is installed. */
export async function decoratorCompiler(project: Pick<Project, "appDir" | "root">): Promise<Decorators | undefined> {
  const config = findConfig(project);
  if (!config) return undefined;
  const require = createRequire(join(project.appDir, "package.json"));
  const typescript = load<TypeScript>(require, "typescript");
  const swc = typescript ? undefined : load<Swc>(require, "@swc/core");
  if (!typescript && !swc) {
    throw new KnbuildError({
      code: "BUNDLE_DECORATORS",
      message: "emitDecoratorMetadata is on, and neither typescript nor @swc/core is installed to compile for it",
      where: config,
      hint: "Install with devDependencies, or build to JavaScript first and name that as the entry.",
    });
  }
  const options = typescript ? compilerOptions(typescript, config) : {};
  return (path, text) => {
    if (!/\.[cm]?tsx?$/.test(path) || !/@\w/.test(text) || /[\\/]node_modules[\\/]/.test(path)) return undefined;
    if (typescript)
      return {
        contents: typescript.transpileModule(text, { fileName: path, compilerOptions: options }).outputText,
        loader: "js",
      };
    const compiled = swc?.transformSync(text, {
      filename: path,
      swcrc: false,
      sourceMaps: "inline",
      jsc: {
        parser: { syntax: "typescript", decorators: true, tsx: path.endsWith("x") },
        transform: { legacyDecorator: true, decoratorMetadata: true },
        target: "es2022",
        keepClassNames: true,
      },
      module: { type: "es6" },
    });
    return { contents: compiled?.code ?? text, loader: "js" };
  };
}

function compilerOptions(typescript: TypeScript, config: string): Record<string, unknown> {
  const read = typescript.readConfigFile(config, (path) => typescript.sys.readFile(path));
  const parsed = typescript.parseJsonConfigFileContent(read.config ?? {}, typescript.sys, dirname(config)).options;
  const {
    outDir: _outDir,
    declaration: _declaration,
    incremental: _incremental,
    composite: _composite,
    ...options
  } = parsed;
  return {
    ...options,
    module: typescript.ModuleKind.ESNext,
    target: Math.min(Number(options["target"] ?? 99), 99),
    sourceMap: false,
    inlineSourceMap: true,
    inlineSources: false,
    declarationMap: false,
    verbatimModuleSyntax: false,
    noEmit: false,
  };
}

/** tsconfig.json of the app (or above it), followed through `extends`. */
function findConfig(project: Pick<Project, "appDir" | "root">): string | undefined {
  for (let dir = project.appDir; ; dir = dirname(dir)) {
    const path = join(dir, "tsconfig.json");
    if (existsSync(path)) return asksForMetadata(path, 0) ? path : undefined;
    if (dir === project.root || dirname(dir) === dir) return undefined;
  }
}

function asksForMetadata(path: string, depth: number): boolean {
  const config = readConfig(path);
  const said = config?.compilerOptions?.emitDecoratorMetadata;
  if (typeof said === "boolean") return said;
  const bases = depth > 5 ? [] : [config?.extends ?? []].flat().filter((base) => typeof base === "string");
  return bases.some((base) => {
    const candidates = [join(dirname(path), base), join(dirname(path), `${base}.json`)];
    try {
      candidates.push(createRequire(path).resolve(base));
    } catch {
      // Not a package either: esbuild warns about it.
    }
    const found = candidates.find((candidate) => candidate.endsWith(".json") && existsSync(candidate));
    return found !== undefined && asksForMetadata(found, depth + 1);
  });
}

/** Undefined where it cannot be read: esbuild says what is wrong with it. */
function readConfig(
  path: string,
): { extends?: string | string[]; compilerOptions?: { emitDecoratorMetadata?: unknown } } | undefined {
  try {
    return (parseJson(readFileSync(path, "utf8"), path, { comments: true }) ?? {}) as ReturnType<typeof readConfig>;
  } catch {
    return undefined;
  }
}

function load<T>(require: NodeJS.Require, name: string): T | undefined {
  try {
    return require(name) as T;
  } catch {
    return undefined;
  }
}
