import { execFileSync } from "node:child_process";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readElf } from "../../src/elf/read-elf.ts";
import type { ElfFile } from "../../src/elf/types.ts";
import { fileSource } from "./directory-view.ts";

const hasReadelf = works("readelf", "--version");

/** Programs and libraries of this machine: every n-th, so that the choice is wide and the test short. */
function someFiles(count: number): string[] {
  const folders = ["/usr/bin", "/usr/sbin", "/usr/lib/x86_64-linux-gnu", "/usr/lib64"];
  const all = folders.flatMap((dir) => list(dir).map((name) => join(dir, name))).filter(isElf);
  const step = Math.max(1, Math.floor(all.length / count));
  return all.filter((_, i) => i % step === 0);
}

describe.skipIf(!hasReadelf)("the ELF reader and readelf agree", () => {
  const files = hasReadelf ? someFiles(90) : [];

  it("on a wide choice of this machine's files", async () => {
    expect(files.length).toBeGreaterThan(60);
    for (const path of files) {
      const result = await readElf(fileSource(path));
      expect(result, path).toMatchObject({ ok: true });
      if (result.ok) expect(summary(result.elf), path).toEqual(fromReadelf(path));
    }
  });
});

describe("garbage", () => {
  const node = readFileSync("/proc/self/exe").subarray(0, 4096);

  it("is an answer, not an exception", async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from("\x7fELF"), Buffer.from("#!/bin/sh\n"), node.subarray(0, 60)]) {
      const result = await readElf(bytes);
      expect(result.ok).toBe(false);
    }
  });

  it("with any bytes changed never throws", async () => {
    const small =
      someFiles(40)
        .map((path) => readFileSync(path))
        .find((bytes) => bytes.length < 200_000) ?? node;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 4, max: small.length - 1 }), fc.integer({ min: 0, max: 255 })), {
          maxLength: 200,
        }),
        fc.integer({ min: 0, max: small.length }),
        async (changes, cut) => {
          const bytes = Buffer.from(small.subarray(0, cut));
          for (const [at, value] of changes) if (at < cut) bytes[at] = value;
          const result = await readElf(bytes);
          expect(typeof result.ok).toBe("boolean");
        },
      ),
      { numRuns: 300 },
    );
    // Changes in the headers and the dynamic section, where they hurt.
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 4, max: 1000 }), fc.integer({ min: 0, max: 255 }))),
        async (changes) => {
          const bytes = Buffer.from(small);
          for (const [at, value] of changes) bytes[at] = value;
          expect(typeof (await readElf(bytes)).ok).toBe("boolean");
        },
      ),
      { numRuns: 300 },
    );
  });
});

function summary(elf: ElfFile) {
  return {
    class: `ELF${elf.bits}`,
    little: elf.littleEndian,
    type: elf.type,
    interpreter: elf.interpreter,
    needed: elf.needed,
    soname: elf.soname,
    rpath: elf.rpath,
    runpath: elf.runpath,
    versions: elf.versionsNeeded
      .flatMap(({ file, versions, weak }) => [...versions, ...weak].map((v) => `${file} ${v}`))
      .sort(),
    defined: [...elf.versionsDefined].sort(),
  };
}

function fromReadelf(path: string) {
  const text = execFileSync("readelf", ["-W", "-h", "-l", "-d", "-V", path], {
    encoding: "utf8",
    maxBuffer: 64 << 20,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const one = (pattern: RegExp) => pattern.exec(text)?.[1];
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] as string);
  const types: Record<string, string> = { DYN: "shared", EXEC: "executable", REL: "relocatable", CORE: "core" };
  const split = (value: string | undefined) => (value ?? "").split(":").filter(Boolean);
  const needs = text.split("Version needs section")[1]?.split("Version definition section")[0] ?? "";
  const versions: string[] = [];
  let file = "";
  for (const line of needs.split("\n")) {
    file = /File: (\S+)/.exec(line)?.[1] ?? file;
    const name = /Name: (\S+)/.exec(line)?.[1];
    if (name) versions.push(`${file} ${name}`);
  }
  const definitions = text.split("Version definition section")[1]?.split("Version needs section")[0] ?? "";
  return {
    class: one(/Class:\s+(\S+)/),
    little: /little endian/.test(text),
    type: types[one(/^\s+Type:\s+([A-Z]+)/m) ?? ""],
    interpreter: one(/Requesting program interpreter: ([^\]]+)\]/),
    needed: all(/\(NEEDED\)\s+Shared library: \[([^\]]*)\]/g),
    soname: one(/\(SONAME\)\s+Library soname: \[([^\]]*)\]/),
    rpath: split(one(/\(RPATH\)\s+Library rpath: \[([^\]]*)\]/)),
    runpath: split(one(/\(RUNPATH\)\s+Library runpath: \[([^\]]*)\]/)),
    versions: versions.sort(),
    defined: [...definitions.matchAll(/Rev: \d+\s+Flags: (?!BASE)\S+.*Name: (\S+)/g)]
      .map((match) => match[1] as string)
      .sort(),
  };
}

function isElf(path: string): boolean {
  try {
    return lstatSync(path).isFile() && readFileSync(path).subarray(0, 4).toString("latin1") === "\x7fELF";
  } catch {
    return false;
  }
}

function list(dir: string): string[] {
  try {
    return readdirSync(dir).sort();
  } catch {
    return [];
  }
}

function works(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
