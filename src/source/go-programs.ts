/** Go: the packages of a module or workspace that are programs, and the one that is the server. */
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

export function goProgram(source: Source): GoProgram | undefined {
  const work = source.read("go.work");
  const used = [...(work ?? "").matchAll(/^\s*(?:use\s+)?\(?\s*(\.\/?[\w./-]*)/gm)].map(([, path]) => path as string);
  const modules = [...new Set([".", ...used.map((path) => path.replace(/^\.\/|\/$/g, "") || ".")])];
  const found = modules.flatMap((module) => {
    const at = (path: string): string => (module === "." ? path : `${module}/${path}`);
    const manifest = source.read(at("go.mod")) ?? "";
    return mains(source, module).map((folder) => ({ folder, manifest, module }));
  });
  if (found.length === 0) return undefined;
  const best = found.reduce((a, b) => (score(source, b) > score(source, a) ? b : a));
  return { path: best.folder === "." ? "." : `./${best.folder}`, manifest: best.manifest };
}

function mains(source: Source, module: string): string[] {
  const inside = module !== "." || source.isFile("go.mod");
  // Directories below are packages of a module, or modules of their own.
  const globs = !inside ? ["*.go"] : module === "." ? GLOBS : GLOBS.map((glob) => `${module}/${glob}`);
  const files = source
    .glob(globs)
    .filter((file) => {
      const below = module === "." ? file : file.slice(module.length + 1);
      const top = below.includes("/") ? below.slice(0, below.indexOf("/")) : undefined;
      return top === undefined || !source.isFile(`${module === "." ? top : `${module}/${top}`}/go.mod`);
    })
    .filter((file) => !file.endsWith("_test.go") && /^package main\b/m.test(source.read(file) ?? ""))
    // What is built only on purpose is a tool.
    .filter((file) => !/^\/\/(?:go:build| \+build)\s+(?:ignore|tools|generate)\b/m.test(source.read(file) ?? ""));
  return [...new Set(files.map((file) => file.slice(0, Math.max(0, file.lastIndexOf("/"))) || "."))];
}

function score(
  source: Source,
  { folder, manifest, module }: { folder: string; manifest: string; module: string },
): number {
  const name = folder.slice(folder.lastIndexOf("/") + 1);
  const called = /^module\s+(\S+)/m.exec(manifest)?.[1]?.replace(/\/v\d+$/, "") ?? "";
  const at = source.glob(`${folder === "." ? "" : `${folder}/`}*.go`).map((file) => source.read(file) ?? "");
  const serves = at.some((text) =>
    /ListenAndServe|http\.Serve\(|\.Listen\(|net\.Listen|gin\.(?:Default|New)|\.Run\(|\.Start\(/.test(text),
  );
  return (
    (folder === module ? 6 : 0) +
    (name === called.slice(called.lastIndexOf("/") + 1) ? 5 : 0) +
    (/^(?:.*[-_])?(?:server|api|web|app|http|httpd|service|serve|backend|main|cmd|gateway)$/.test(name) ? 3 : 0) +
    (serves ? 2 : 0) -
    (/^(?:tools?|scripts?|hack|examples?|test.*|gen.*|migrat.*|client|cli|seed.*|bench.*)$/.test(name) ? 6 : 0)
  );
}
