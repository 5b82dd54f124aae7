/** Small programs that stand in a text file each: `=== name`, then `--- path` before each file of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { analyzeProject } from "../../src/analysis/analyze.ts";
import type { SourceFacts } from "../../src/analysis/facts.ts";
import { loadProject } from "../../src/analysis/project.ts";
import type { Finding } from "../../src/check/types.ts";
import { lintSource } from "../../src/pipeline/source-lint.ts";

export interface Program {
  name: string;
  /** False where `| none` follows the name: there nothing is to be found. */
  found: boolean;
  /** The rules that speak, where they stand behind the name: `| KS001 KS020`. */
  rules: string;
  files: Map<string, Buffer>;
}

export function programs(folder: string, language: string): Program[] {
  const text = readFileSync(join(import.meta.dirname, folder, `${language}.txt`), "utf8");
  return text
    .split(/^=== /m)
    .slice(1)
    .map((block) => {
      const [head = "", ...files] = block.split(/^--- /m);
      const [name = "", verdict] = head.split("|").map((s) => s.trim());
      const apart = (f: string): [string, Buffer] => [
        f.slice(0, f.indexOf("\n")).trim(),
        Buffer.from(f.slice(f.indexOf("\n") + 1)),
      ];
      return { name, found: verdict !== "none", rules: verdict ?? "", files: new Map(files.map(apart)) };
    });
}

export async function lintProgram(files: ReadonlyMap<string, Buffer>): Promise<Finding[]> {
  return lintSource({ root: ".", files: () => files.keys(), read: async (p) => files.get(p) as Buffer });
}

/** What the analysis says of a program whose files are given as text. */
export async function facts(files: Record<string, string>): Promise<SourceFacts> {
  const source = {
    root: ".",
    files: () => Object.keys(files),
    read: async (path: string) => new TextEncoder().encode(files[path]),
  };
  return analyzeProject(await loadProject(source));
}
