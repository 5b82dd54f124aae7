/**
 * Prisma's client is code that `prisma generate` writes from the schema. Prisma 7 writes it for nobody while it is installed, and
 * before it only where the schema lay beside the packages: where no script of the app does, the build does it.
 */
import { posix } from "node:path";
import type { HostCommandStep, PlanWarning, Source } from "../../src/sdk.ts";
import type { App } from "./app.ts";
import { dependsOn, LIFECYCLE, type Manifest, readManifest } from "./manifest.ts";
import { dependedMembers } from "./workspaces.ts";

const CONFIGS = ["prisma.config", ".config/prisma"].flatMap((name) =>
  ["ts", "mts", "cts", "js", "mjs", "cjs"].map((extension) => `${name}.${extension}`),
);
const SCHEMAS = ["prisma/schema.prisma", "schema.prisma", "prisma/schema"];
/** These write the client, by themselves or as a part of what they build. */
const GENERATES = /\b(?:prisma2?|zenstack|keystone|blitz|redwood)\b[^&|;]*\b(?:generate|build|postinstall|push)\b/;

export interface PrismaSteps {
  steps: HostCommandStep[];
  evidence: string[];
  warnings: PlanWarning[];
}

/** The step for the app itself, and for members of its workspace that it depends on. */
export function prismaSteps(app: App): PrismaSteps {
  const found: PrismaSteps = { steps: [], evidence: [], warnings: [] };
  if (app.options.build?.trim() === "") return found;
  const root = app.workspace?.root ?? (app.isWorkspaceRoot ? app.source : undefined);
  const up = app.workspace ? posix.relative(app.workspace.path, ".") : ".";
  const places = [
    { source: app.source, manifest: app.manifest, cwd: "." },
    ...(root ? dependedMembers(root, app.manifest) : []).map(({ path, manifest }) => ({
      source: (root as Source).at(path),
      manifest,
      cwd: posix.join(up, path),
    })),
  ];
  const { build } = app;
  const { ignoreScripts } = app.options;
  const above = app.workspace && readManifest(app.workspace.root);
  const lines = [
    ...scriptsReached(app.manifest, build?.name || undefined, ignoreScripts),
    ...scriptsReached(above, undefined, ignoreScripts),
    ...(build?.name === "" ? [build.line] : []),
  ];
  if (lines.some((line) => GENERATES.test(line))) return found;
  for (const { source, manifest, cwd } of places) {
    const own = cwd === "." ? [] : scriptsReached(manifest, "build", ignoreScripts);
    if (!usesPrisma(manifest) || [...own].some((line) => GENERATES.test(line))) continue;
    const schema = schemaOf(source);
    if (schema === undefined || !needsGenerating(source, schema)) continue;
    const at = posix.join(cwd, schema);
    const says = "no script of the app generates Prisma's client";
    if (dependsOn(manifest, "prisma") === undefined && app.dependency("prisma") === undefined) {
      found.warnings.push({
        code: "PRISMA_CLIENT_NOT_GENERATED",
        message: `${at} is here, but ${says}, and the package prisma, which does, is no dependency: the app will not find it`,
        where: at,
        hint: "npm install --save-dev prisma, in the version of @prisma/client, or a build script that generates it.",
      });
      continue;
    }
    found.evidence.push(`generates Prisma's client from ${at}: ${says}`);
    found.steps.push({
      type: "host-command",
      argv: [...execute(app), "prisma", "generate"],
      cwd,
      env: { ...unsetVariables(source), ...withoutEngine(dependsOn(manifest, "prisma") ?? app.dependency("prisma")) },
      inputs: ["**"],
      outputs: [],
      why: `${at}: ${says}`,
    });
  }
  return found;
}

function usesPrisma(manifest: Manifest | undefined): boolean {
  return dependsOn(manifest, "@prisma/client") !== undefined || dependsOn(manifest, "prisma") !== undefined;
}

/** The schema's file, or its directory. */
function schemaOf(source: Source): string | undefined {
  const json = source.readJson("package.json") as { prisma?: { schema?: unknown } } | undefined;
  const config = CONFIGS.map((file) => source.read(file)).find((text) => text !== undefined);
  const named = json?.prisma?.schema ?? /\bschema\s*:\s*["'`]([^"'`]+)["'`]/.exec(config ?? "")?.[1];
  const places = typeof named === "string" ? [posix.normalize(named), ...SCHEMAS] : SCHEMAS;
  return places.find((path) => source.isFile(path) || source.isDirectory(path));
}

/** A generator for JavaScript whose client is not there: some people commit what it wrote. */
function needsGenerating(source: Source, schema: string): boolean {
  const files = source.isFile(schema)
    ? [schema]
    : source.list().flatMap(({ path }) => (path.startsWith(`${schema}/`) && path.endsWith(".prisma") ? [path] : []));
  return files.some((file) =>
    [...(source.read(file) ?? "").matchAll(/^\s*generator\s+\w+\s*\{([^}]*)\}/gm)].some(([, body = ""]) => {
      if (!/^\s*provider\s*=\s*"prisma-client(?:-js)?"/m.test(body)) return false;
      const output = /^\s*output\s*=\s*"([^"]+)"/m.exec(body)?.[1];
      return output === undefined || !source.isDirectory(posix.join(posix.dirname(file), output));
    }),
  );
}

/** `env("DATABASE_URL")` of a prisma.config refuses to be read without it; nothing is connected to while the client is written. */
function unsetVariables(source: Source): Record<string, string> {
  const config = CONFIGS.map((file) => source.read(file)).find((text) => text !== undefined) ?? "";
  const names = [...config.matchAll(/(?<![.\w])env(?:<[^>]*>)?\(\s*["'`](\w+)["'`]\s*\)/g)].map(
    ([, name]) => name as string,
  );
  return Object.fromEntries(names.map((name) => [name, "file:./not-used-while-generating.db"]));
}

/** Prisma 7 fetches the engine of its migrations before it does anything, and generates without it: any file stands in for it. */
function withoutEngine(range = ""): Record<string, string> {
  const major = Number(/^[\^~>=v\s]*(\d+)/.exec(range)?.[1] ?? 7);
  return major >= 7 ? { PRISMA_SCHEMA_ENGINE_BINARY: "{app}/package.json" } : {};
}

function execute(app: App): string[] {
  switch (app.manager.name) {
    case "npm":
      return ["npm", "exec", "--"];
    case "pnpm":
      return ["pnpm", "exec"];
    case "bun":
      return ["bun", "run"];
    default:
      return ["yarn", "run"];
  }
}

/** Lines of the scripts that an installation and a build run, and of those that they name. */
function scriptsReached(manifest: Manifest | undefined, build: string | undefined, ignoreScripts = false): Set<string> {
  const scripts = manifest?.scripts ?? {};
  const lines = new Set<string>();
  const visit = (name: string) => {
    for (const line of [scripts[`pre${name}`], scripts[name], scripts[`post${name}`]]) {
      if (line === undefined || lines.has(line)) continue;
      lines.add(line);
      for (const word of line.split(/[\s&|;"']+/)) if (scripts[word] !== undefined) visit(word);
    }
  };
  for (const name of ignoreScripts ? [] : LIFECYCLE) visit(name);
  if (build !== undefined) visit(build);
  return lines;
}
