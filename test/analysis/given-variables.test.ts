/** Variables that a program gives itself before it reads them, or that something before the command may give anew. */
import { describe, expect, it } from "vitest";
import { facts } from "./programs.ts";

describe("a Python program that must have a variable", () => {
  const needs = async (main: string, others: Record<string, string> = {}) => {
    const files = { "requirements.txt": "flask", "main.py": `import os\n${main}`, ...others };
    return (await facts(files)).needs.map((need) => need.name);
  };
  const set = 'os.environ["API_KEY"] = open("/run/key").read()';
  const read = 'key = os.environ["API_KEY"]';

  it.each([
    ["sets it in the line before, in a function", `def main():\n    ${set}\n    ${read}\n\nmain()\n`],
    ["sets it in a function that it calls", `def load():\n    ${set}\n\nload()\n${read}\n`],
    ["sets it in a function that it hands on", `def load():\n    ${set}\n\nlist(map(load, "a"))\n${read}\n`],
    [
      "sets it before a function over several lines",
      `def f(\n    name,\n):\n    return os.environ["API_KEY"]\n\n${set}\nf(1)\n`,
    ],
    [
      "sets it in a constructor",
      `class Secrets:\n    def __init__(self):\n        ${set}\n\nsecrets = Secrets()\n${read}\n`,
    ],
    [
      "sets it around",
      `def main():\n    ${set}\n    def inner():\n        return os.environ["API_KEY"]\n    inner()\n\nmain()\n`,
    ],
    ["tries it, with a remark between", `try:\n    x = 1\n# A remark.\n    ${read}\nexcept KeyError:\n    key = ""\n`],
  ])("%s", async (_, main) => {
    expect(await needs(main)).toEqual([]);
  });

  it("sets it in another module's function", async () => {
    const others = { "secret.py": `import os\n\ndef load():\n    ${set}\n` };
    expect(await needs(`import secret\nsecret.load()\n${read}\n`, others)).toEqual([]);
  });

  it.each([
    ["in a function that nobody calls", `${read}\ndef reset():\n    os.environ["API_KEY"] = ""\n`],
    ["in such a function over several lines", `def reset(\n    app,\n):\n    os.environ["API_KEY"] = ""\n\n${read}\n`],
    ["afterwards", `${read}\n${set}\n`],
  ])("sets it %s: it must be given", async (_, main) => {
    expect(await needs(main)).toEqual(["API_KEY"]);
  });
});
