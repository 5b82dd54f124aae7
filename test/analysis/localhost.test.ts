/**
 * The ways in which programs come to be bound to localhost when nobody says otherwise, one small program each:
 * `localhost/LANGUAGE.txt` holds them, `=== name`, then `--- path` before each file. `| none` after the name is one that
 * may be reached.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lintSource } from "../../src/pipeline/source-lint.ts";

interface Program {
  name: string;
  local: boolean;
  files: Map<string, Buffer>;
}

function programs(language: string): Program[] {
  const text = readFileSync(join(import.meta.dirname, "localhost", `${language}.txt`), "utf8");
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
      return { name, local: verdict !== "none", files: new Map(files.map(apart)) };
    });
}

describe.each(["go", "rust", "jvm", "csharp"])("localhost by default in %s", (language) => {
  it.each(programs(language))("$name", async ({ local, files }) => {
    const found = await lintSource({ root: ".", files: () => files.keys(), read: async (p) => files.get(p) as Buffer });
    expect(found.some((f) => f.rule === "KS002" && f.severity !== "info")).toBe(local);
  });
});
