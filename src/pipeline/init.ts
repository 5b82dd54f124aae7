/** `init` and `dockerfile`: files that a project needs, written from what is detected. */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { KnbuildError } from "../base/errors.ts";
import { makeDirectory } from "../base/make-directory.ts";
import { templatePath } from "../base/package-root.ts";
import { rewriteFile } from "../base/replace-file.ts";
import { unifiedDiff } from "../check/diff.ts";
import { loadConfig } from "../config/load.ts";
import { fillTemplate } from "../dockerfile/template.ts";
import type { PlanOptions } from "../plan/options.ts";
import type { Detection } from "../sdk.ts";
import { openSource, type Source } from "../source/open.ts";
import { detect, onlyBelow } from "./detect.ts";
import { type BaseWish, withBase } from "./dockerfile-values/base-wish.ts";
import { dockerfileValues, TEMPLATE_LANGUAGES } from "./dockerfile-values/index.ts";
import { environmentLines } from "./dockerfile-values/node.ts";
import { nodeBases } from "./node-bases.ts";

export interface GeneratedFile {
  /** Relative to the directory. */
  path: string;
  text: string;
  /** `new`: not there yet. `same`: there, equal. `different`: there, and another text. */
  state: "new" | "same" | "different";
  /** From what is there to the text, of a different one. */
  diff: string;
}

export interface InitReport {
  detection: Detection;
  files: GeneratedFile[];
}

export interface InitOptions {
  /** Language instead of the detected one. */
  language?: string;
  /** Only these paths; absent: all. */
  only?: readonly string[];
  /** Member of a monorepo, by package name or directory. */
  workspace?: string;
}

/** What would be written; nothing is. @throws NOTHING_DETECTED, INIT_LANGUAGE_UNKNOWN, CONFIG_INVALID (exit 2), … */
export function planInit(directory: string, options: InitOptions = {}): InitReport {
  const source = openSource(directory);
  const wish = wishOf(directory, options);
  const base = baseOf(directory);
  const detection = chooseDetection(source, options, wish);
  const service = serviceName(directory);
  const values = { service, extra: extraIgnores(detection.language) };
  const texts: [string, () => string][] = [
    ["Dockerfile", () => generateDockerfile(detection, source, service, wish, base)],
    [".dockerignore", () => template("ignore", "dockerignore", values)],
    ["service.yaml", () => template("", "service.yaml", values)],
    ["cloudbuild.yaml", () => template("init", "cloudbuild.yaml", values)],
    ["knbuild.yaml", () => template("init", "knbuild.yaml", values)],
  ];
  const files = texts
    .filter(([path]) => options.only === undefined || options.only.includes(path))
    .map(([path, make]) => compareFile(directory, path, make()));
  return { detection, files };
}

/** Writes files that are new, and with `force` those that differ. @returns the paths that were written */
export function writeInit(directory: string, report: InitReport, force: boolean): string[] {
  const written: string[] = [];
  for (const { path, text, state } of report.files) {
    if (state === "same" || (state === "different" && !force)) continue;
    const target = join(directory, path);
    makeDirectory(dirname(target));
    rewriteFile(target, text);
    written.push(path);
  }
  return written;
}

/** What the configuration says of the app itself; how knbuild builds its own image is not a Dockerfile's business. */
function wishOf(directory: string, { workspace: named }: InitOptions): PlanOptions {
  const { config } = loadConfig({ dir: directory });
  const { entrypoint, args, env, include, ignore, build, install, nodeOptions, base } = config;
  const workspace = named ?? config.workspace;
  const ref = typeof base === "string" ? base : base?.ref;
  const assembled = nodeBases().some((one) => one.ref === ref) ? ref : undefined;
  return { entrypoint, args, env, include, ignore, build, install, nodeOptions, workspace, base: assembled };
}

/** An assembled base is knbuild's own: of it only the packages have a place in a Dockerfile. */
function baseOf(directory: string): BaseWish {
  const { base } = loadConfig({ dir: directory }).config;
  const { ref, packages = [] } = typeof base === "string" ? { ref: base } : (base ?? {});
  const assembled = ref !== undefined && /^[\w-]+$/.test(ref) && existsSync(templatePath("bases", `${ref}.yaml`));
  return { packages, ...(ref !== undefined && !assembled && { ref }) };
}

/** The Dockerfile for a detection. @throws what dockerfileValues says */
export function generateDockerfile(
  detection: Detection,
  source: Source,
  name: string,
  wish: PlanOptions = {},
  base: BaseWish = { packages: [] },
): string {
  const include = (part: string): string => readTemplate("dockerfile", "parts", `${part}.Dockerfile`);
  const text = readTemplate("dockerfile", `${templateOf(detection.language)}.Dockerfile`);
  const filled = withBase(fillTemplate(text, dockerfileValues(detection, source, name, wish, base), include), base);
  // A Node app's are in its plan.
  return detection.language === "node" ? filled : withEnvironment(filled, wish.env ?? {});
}

/** Before the last stage's USER. PORT and K_* belong to the platform. */
function withEnvironment(dockerfile: string, env: Readonly<Record<string, string>>): string {
  const lines = environmentLines(
    Object.fromEntries(Object.entries(env).filter(([name]) => !/^(?:PORT$|K_)/.test(name))),
  );
  const at = dockerfile.lastIndexOf("\nUSER ") + 1;
  if (lines === "" || at === 0) return dockerfile;
  // A comment above belongs to what follows it.
  const before = dockerfile.slice(0, at).replace(/(?:#.*\n)*$/, "");
  return `${before}ENV ${lines}\n${dockerfile.slice(before.length)}`;
}

/** Files as they are, whatever makes them, are one template. */
function templateOf(language: string): string {
  return language === "html" ? "static" : language;
}

function chooseDetection(source: Source, { language }: InitOptions, wish: PlanOptions): Detection {
  const { candidates } = detect(source, wish);
  if (language !== undefined && !TEMPLATE_LANGUAGES.includes(language)) {
    throw new KnbuildError({
      code: "INIT_LANGUAGE_UNKNOWN",
      message: `there is no template for ${language}`,
      hint: `One of ${TEMPLATE_LANGUAGES.join(", ")}.`,
      exitCode: 2,
    });
  }
  const found = candidates.find((one) =>
    language === undefined
      ? TEMPLATE_LANGUAGES.includes(templateOf(one.language))
      : templateOf(one.language) === language,
  );
  if (found) return wish.entrypoint === undefined ? found : { ...found, entrypoint: wish.entrypoint };
  if (language !== undefined) {
    return {
      score: 0,
      evidence: ["as told"],
      language,
      runtimeVersion: null,
      packageManager: null,
      framework: null,
      entrypoint: wish.entrypoint ?? null,
    };
  }
  const below = onlyBelow(source);
  if (below) throw below;
  throw new KnbuildError({
    code: "NOTHING_DETECTED",
    message: "no program of a known kind is here",
    where: source.root,
    hint: "Name the language.",
    exitCode: 2,
  });
}

function template(folder: string, name: string, values: Readonly<Record<string, string>>): string {
  return fillTemplate(readTemplate(...(folder ? [folder] : []), name), values);
}

function readTemplate(...path: string[]): string {
  return readFileSync(templatePath(...path), "utf8");
}

function compareFile(directory: string, path: string, text: string): GeneratedFile {
  const target = join(directory, path);
  if (!existsSync(target)) return { path, text, state: "new", diff: "" };
  const there = readFileSync(target, "utf8");
  return there === text
    ? { path, text, state: "same", diff: "" }
    : { path, text, state: "different", diff: unifiedDiff(there, text, path) };
}

/** A DNS label. */
function serviceName(directory: string): string {
  const name = basename(directory)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .slice(0, 49);
  return name || "app";
}

/** Of modules too; packages of the same name lie deeper. */
const below = (name: string): string[] => [name, `*/${name}`, `*/*/${name}`];
const JVM = [...below("target"), ...below("build"), "**/.gradle"];

const IGNORES: Readonly<Record<string, readonly string[]>> = {
  node: ["**/node_modules", "coverage", ".next", ".nuxt", ".output", ".svelte-kit"],
  bun: ["**/node_modules"],
  deno: ["**/node_modules"],
  python: ["**/__pycache__", "**/*.pyc", ".venv", "**/.pytest_cache"],
  go: ["bin", "*.test"],
  java: JVM,
  kotlin: JVM,
  scala: [...below("target"), ".bsp"],
  ruby: ["log", "tmp", "vendor/bundle", "config/*.key", "config/credentials/*.key", "**/node_modules"],
  php: ["vendor", "storage/logs", "**/node_modules"],
  rust: ["target"],
  dotnet: ["**/bin", "**/obj"],
  elixir: ["_build", "deps", "**/node_modules"],
  c: ["build", "**/*.o"],
};

function extraIgnores(language: string): string {
  return (IGNORES[language] ?? []).map((line) => `${line}\n`).join("");
}
