/** Go: the packages of a module or workspace that are programs, and the one that is the server. */
import { goModuleName } from "../base/go-module.ts";
import type { Source } from "./open.ts";

export interface GoProgram {
  /** As `go build` takes it: `.`, `./cmd/server`. */
  path: string;
  /** go.mod of its module. */
  manifest: string;
}

const GLOBS = [
  "*.go",
  "cmd/*.go",
  "cmd/*/*.go",
  "cmd/*/*/*.go",
  "*/main.go",
  "*/cmd/*.go",
  "*/cmd/*/*.go",
  "src/*.go",
  "internal/cmd/*.go",
];
/** Looked into where the usual places hold no program: `services/api`, `apps/backend/api`. */
const DEEP = ["*/*/main.go", "*/*/*/main.go"];
const NO_SERVICE = /(?:^|\/)(?:_?examples?|samples?|demos?|tests?|testdata|e2e|tools?|scripts?|hack|docs?|vendor)\//;

export function goProgram(source: Source): GoProgram | undefined {
  const work = source.read("go.work");
  const used = [...(work ?? "").matchAll(/^\s*(?:use\s+)?\(?\s*(\.\/?[\w./-]*)/gm)].map(([, path]) => path as string);
  const modules = [...new Set([".", ...used.map((path) => path.replace(/^\.\/|\/$/g, "") || ".")])];
  const found = modules.flatMap((module) => {
    const at = (path: string): string => (module === "." ? path : `${module}/${path}`);
    const manifest = source.read(at("go.mod")) ?? "";
    const usual = mains(source, module, GLOBS);
    const folders =
      usual.length > 0 ? usual : mains(source, module, DEEP).filter((folder) => isService(source, folder));
    return folders.map((folder) => ({ folder, manifest, module }));
  });
  if (found.length === 0) return undefined;
  const best = found.reduce((a, b) => (score(source, b) > score(source, a) ? b : a));
  return { path: best.folder === "." ? "." : `./${best.folder}`, manifest: best.manifest };
}

function isService(source: Source, folder: string): boolean {
  return !NO_SERVICE.test(`${folder}/`) && serves(source, folder);
}

function mains(source: Source, module: string, places: readonly string[]): string[] {
  const inside = module !== "." || source.isFile("go.mod");
  // Directories below are packages of a module, or modules of their own.
  const globs = !inside ? ["*.go"] : module === "." ? places : places.map((glob) => `${module}/${glob}`);
  const files = source
    .glob(globs)
    .filter((file) => {
      const folders = file.split("/").slice(0, -1);
      const depth = module === "." ? 0 : module.split("/").length;
      return folders.every((_, i) => i < depth || !source.isFile(`${folders.slice(0, i + 1).join("/")}/go.mod`));
    })
    .filter((file) => !file.endsWith("_test.go") && /^package main\b/m.test(source.read(file) ?? ""))
    // What is built only on purpose is a tool.
    .filter((file) => !/^\/\/(?:go:build| \+build)\s+(?:ignore|tools|generate)\b/m.test(source.read(file) ?? ""));
  return [...new Set(files.map((file) => file.slice(0, Math.max(0, file.lastIndexOf("/"))) || "."))];
}

function serves(source: Source, folder: string): boolean {
  const files = source.glob(`${folder === "." ? "" : `${folder}/`}*.go`);
  return files.some((file) =>
    /ListenAndServe|http\.Serve\(|\.Listen\(|net\.Listen|gin\.(?:Default|New)|\.Run\(|\.Start\(/.test(
      source.read(file) ?? "",
    ),
  );
}

function score(
  source: Source,
  { folder, manifest, module }: { folder: string; manifest: string; module: string },
): number {
  const name = folder.slice(folder.lastIndexOf("/") + 1);
  const called = goModuleName(manifest)?.replace(/\/v\d+$/, "") ?? "";
  return (
    (folder === module ? 6 : 0) +
    (name === called.slice(called.lastIndexOf("/") + 1) ? 5 : 0) +
    (/^(?:.*[-_])?(?:server|api|web|app|http|httpd|service|serve|backend|main|cmd|gateway)$/.test(name) ? 3 : 0) +
    (serves(source, folder) ? 2 : 0) -
    (/^(?:tools?|scripts?|hack|examples?|test.*|gen.*|migrat.*|client|cli|seed.*|bench.*)$/.test(name) ? 6 : 0)
  );
}
