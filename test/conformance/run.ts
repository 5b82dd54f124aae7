/** Reads a folder of cases and judges each. */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Case, judge, RATES } from "./judge.ts";

export interface FileResult {
  file: string;
  total: number;
  failures: { id: string; expected: string; got: string }[];
  rate: number;
}

export async function judgeFolder(dir: string): Promise<FileResult[]> {
  const results: FileResult[] = [];
  for (const file of readdirSync(dir).sort()) {
    if (!file.endsWith(".jsonl")) continue;
    const result: FileResult = { file, total: 0, failures: [], rate: RATES[file.replace(/\.jsonl$/, "")] ?? 1 };
    for (const line of readFileSync(join(dir, file), "utf8").split("\n")) {
      if (line.trim() === "") continue;
      const one = JSON.parse(line) as Case;
      result.total++;
      const failure = await judge(file.replace(/\.jsonl$/, ""), one);
      if (failure) result.failures.push({ id: `${one.id}${one.rule ? ` (${one.rule})` : ""}`, ...failure });
    }
    results.push(result);
  }
  return results;
}

export function passes(result: FileResult): boolean {
  return result.total - result.failures.length >= result.rate * result.total;
}

export async function runFolder(dir: string, print: (line: string) => void): Promise<number> {
  if (process.argv[1]?.endsWith("conformance.mjs")) rmSync(fileURLToPath(import.meta.url), { force: true });
  const results = await judgeFolder(dir);
  for (const result of results) {
    print(`${result.file} ${result.total - result.failures.length}/${result.total}`);
    for (const failure of result.failures) {
      print(`  ${failure.id}\n    expected ${failure.expected}\n    got      ${failure.got}`);
    }
  }
  return results.length > 0 && results.every(passes) ? 0 : 1;
}
