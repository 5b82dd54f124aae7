import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkElfClosure } from "../../src/elf/check-closure.ts";
import { followLinks } from "../../src/elf/file-view.ts";
import { fileKind, parseShebang } from "../../src/elf/magic.ts";
import { directoryView } from "./directory-view.ts";

const machine = directoryView("/");
const hasGcc = works("gcc", "--version");
const hasLdd = works("ldd", "/bin/sh");

describe("what is on this machine", () => {
  it.skipIf(!hasLdd)("loads when ldd says so", async () => {
    const names = [
      "node",
      "bash",
      "curl",
      "git",
      "python3",
      "openssl",
      "dpkg",
      "gzip",
      "tar",
      "ssh",
      "find",
      "awk",
      "perl",
    ];
    const programs = names.flatMap((name) => {
      try {
        return [execFileSync("which", [name], { encoding: "utf8" }).trim()];
      } catch {
        return [];
      }
    });
    expect(programs.length).toBeGreaterThan(5);
    for (const path of programs) {
      const problems = await checkElfClosure(machine, { programs: [path], searchPath: ["/usr/bin", "/bin"] });
      expect(problems, path).toEqual([]);
      if (fileKind(readFileSync(path).subarray(0, 16)) === "elf") {
        expect(execFileSync("ldd", [realpathSync(path)], { encoding: "utf8" })).not.toContain("not found");
      }
    }
  });
});

describe("magic", () => {
  it("tells the formats apart", () => {
    expect(fileKind(Buffer.from("\x7fELF\x02\x01\x01\0", "latin1"))).toBe("elf");
    expect(fileKind(Buffer.from("cffaedfe07000001", "hex"))).toBe("mach-o");
    expect(fileKind(Buffer.from("cafebabe00000002", "hex"))).toBe("mach-o");
    expect(fileKind(Buffer.from("cafebabe00000041", "hex"))).toBe("other");
    expect(fileKind(Buffer.from("MZ\x90\0\x03\0\0\0", "latin1"))).toBe("pe");
    expect(fileKind(Buffer.from("\0asm\x01\0\0\0"))).toBe("wasm");
    expect(fileKind(Buffer.from("!<arch>\n"))).toBe("ar");
    expect(fileKind(Buffer.from("#!"))).toBe("script");
    expect(fileKind(Buffer.alloc(0))).toBe("other");
  });

  it("reads #! lines as Linux does", () => {
    expect(parseShebang(Buffer.from("#!/bin/sh\n"))).toEqual({ interpreter: "/bin/sh" });
    expect(parseShebang(Buffer.from("#! /usr/bin/env -S node --x\nrest"))).toEqual({
      interpreter: "/usr/bin/env",
      argument: "-S node --x",
    });
    expect(parseShebang(Buffer.from("#!/bin/sh\r\n"))).toEqual({ interpreter: "/bin/sh\r" });
    expect(parseShebang(Buffer.from("#!\n"))).toBeUndefined();
    expect(parseShebang(Buffer.from(`#!${"x".repeat(400)}`))).toBeUndefined();
  });
});

describe("links", () => {
  it("are followed inside the tree only", async () => {
    const view = directoryView("/nonexistent", {
      "/a/b": { link: "../../../../etc/target" },
      "/etc/target": "here",
      "/loop": { link: "/loop" },
      "/abs": { link: "/a" },
      "/dangling": { link: "nowhere" },
    });
    expect((await followLinks(view, "/a/b"))?.path).toBe("/etc/target");
    expect((await followLinks(view, "/abs/b"))?.path).toBe("/etc/target");
    expect(await followLinks(view, "/loop")).toBeUndefined();
    expect(await followLinks(view, "/dangling")).toBeUndefined();
  });
});

describe("scripts", () => {
  const node = readFileSync("/proc/self/exe").subarray(0, 1 << 16);

  it("are followed to the end of the chain", async () => {
    const view = directoryView("/nonexistent", {
      "/app/run": "#!/usr/bin/env node\n",
      "/app/sh": "#!/bin/sh\n",
      "/app/mac": Buffer.from("cffaedfe07000001", "hex"),
      "/app/win": Buffer.from("MZ\x90\0\x03\0\0\0", "latin1"),
      "/app/text": "hello",
      "/usr/bin/env": "#!/bin/other\n",
      "/app/circle": "#!/app/circle\n",
    });
    const programs = ["/app/run", "/app/sh", "/app/mac", "/app/win", "/app/text", "/app/none", "/app/circle"];
    const problems = await checkElfClosure(view, { programs, searchPath: ["/nodejs/bin"] });
    expect(problems.map(({ code, path, missing }) => [code, path, missing])).toEqual([
      ["SCRIPT_INTERPRETER_MISSING", "/bin/other", "/bin/other"],
      ["SCRIPT_INTERPRETER_MISSING", "/app/run", "node"],
      ["SCRIPT_INTERPRETER_MISSING", "/bin/sh", "/bin/sh"],
      ["PROGRAM_FOREIGN_FORMAT", "/app/mac", "macOS"],
      ["PROGRAM_FOREIGN_FORMAT", "/app/win", "Windows"],
      ["PROGRAM_NOT_RECOGNISED", "/app/text", undefined],
      ["PROGRAM_MISSING", "/app/none", undefined],
      ["PROGRAM_NOT_RECOGNISED", "/app/circle", undefined],
    ]);
  });

  it("a cut or foreign ELF is a problem of its own", async () => {
    const arm = Buffer.from(node);
    arm.writeUInt16LE(183, 18);
    const view = directoryView("/nonexistent", { "/cut": node.subarray(0, 70), "/arm": arm, "/node": node });
    const problems = await checkElfClosure(view, { programs: ["/cut", "/node"], libraries: ["/arm"] });
    expect(problems[0]).toMatchObject({ code: "ELF_DAMAGED", path: "/cut" });
    const armProblem = problems.find(({ path }) => path === "/arm");
    // The head of node holds its program headers but not its dynamic section.
    expect(armProblem?.code).toMatch(/ELF_FOREIGN_MACHINE|ELF_DAMAGED/);
  });
});

describe.skipIf(!hasGcc)("programs and libraries made for this", () => {
  let dir: string;
  const at = (...parts: string[]) => join(dir, ...parts);
  const gcc = (...args: string[]) => execFileSync("gcc", args, { cwd: dir });

  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "knbuild-elf-"));
    mkdirSync(at("app/lib"), { recursive: true });
    mkdirSync(at("lib64"));
    mkdirSync(at("usr/lib/x86_64-linux-gnu"), { recursive: true });
    writeFileSync(at("inner.c"), '#include <stdio.h>\nint inner(void){return puts("");}');
    writeFileSync(at("outer.c"), "int inner(void); int outer(void){return inner();}");
    writeFileSync(at("main.c"), "int outer(void); int main(void){return outer();}");
    gcc("-shared", "-fPIC", "-o", "app/lib/libinner.so.1", "-Wl,-soname,libinner.so.1", "inner.c");
    gcc(
      "-shared",
      "-fPIC",
      "-o",
      "app/lib/libouter.so.2",
      "-Wl,-soname,libouter.so.2",
      "outer.c",
      "app/lib/libinner.so.1",
    );
    const link = ["main.c", "app/lib/libouter.so.2", "-Wl,--allow-shlib-undefined"];
    gcc("-o", "app/runpath", ...link, "-Wl,--enable-new-dtags,-rpath,$ORIGIN/lib");
    gcc("-o", "app/rpath", ...link, "-Wl,--disable-new-dtags,-rpath,${ORIGIN}/lib");
    gcc("-o", "app/plain", ...link);
    for (const [from, to] of [
      ["/lib64/ld-linux-x86-64.so.2", "lib64/ld-linux-x86-64.so.2"],
      ["/lib/x86_64-linux-gnu/libc.so.6", "usr/lib/x86_64-linux-gnu/libc.so.6"],
    ] as const) {
      copyFileSync(from, at(to));
    }
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it("RPATH serves what libraries need, RUNPATH only the file itself", async () => {
    const view = directoryView(dir);
    expect(await checkElfClosure(view, { programs: ["/app/rpath"] })).toEqual([]);
    // As ld.so: libouter has no path of its own, so its libinner is not found.
    expect(await checkElfClosure(view, { programs: ["/app/runpath"] })).toMatchObject([
      {
        code: "ELF_LIBRARY_MISSING",
        path: "/app/lib/libouter.so.2",
        missing: "libinner.so.1",
        chain: ["/app/runpath", "/app/lib/libouter.so.2"],
      },
    ]);
    expect(execFileSync("ldd", [at("app/rpath")], { encoding: "utf8" })).not.toContain("not found");
    expect(execFileSync("ldd", [at("app/runpath")], { encoding: "utf8" })).toContain("libinner.so.1 => not found");
  });

  it("LD_LIBRARY_PATH and the host's libraries count", async () => {
    const view = directoryView(dir);
    const missing = await checkElfClosure(view, { programs: ["/app/plain"] });
    expect(missing.map((problem) => problem.missing)).toEqual(["libouter.so.2"]);
    expect(await checkElfClosure(view, { programs: ["/app/plain"], libraryPath: ["/app/lib"] })).toEqual([]);
    const outer = ["/app/lib/libouter.so.2"];
    expect((await checkElfClosure(view, { libraries: outer })).map((problem) => problem.missing)).toEqual([
      "libinner.so.1",
    ]);
    expect(await checkElfClosure(view, { libraries: outer, host: "/app/rpath" })).toEqual([]);
  });

  it("a symbol version that the image's library does not define is named", async () => {
    const program = readFileSync(at("app/rpath"));
    const wanted = /GLIBC_2\.3\d/.exec(program.toString("latin1"))?.[0] as string;
    const future = Buffer.from(program.toString("latin1").replaceAll(wanted, "GLIBC_2.99"), "latin1");
    const view = directoryView(dir, { "/app/future": future });
    const problems = await checkElfClosure(view, { programs: ["/app/future"] });
    expect(problems).toMatchObject([{ code: "ELF_VERSION_MISSING", missing: "GLIBC_2.99" }]);
    expect(problems[0]?.message).toMatch(/up to GLIBC_2\.\d+$/);
  });

  it("a musl program in a glibc image, and the other way round", async () => {
    const text = readFileSync(at("app/rpath")).toString("latin1");
    const loader = "/lib64/ld-linux-x86-64.so.2";
    const musl = Buffer.from(text.replace(loader, "/lib/ld-musl-x86_64.so.1".padEnd(loader.length, "\0")), "latin1");
    const withMusl = directoryView(dir, { "/app/musl": musl });
    expect(await checkElfClosure(withMusl, { programs: ["/app/musl"] })).toMatchObject([{ code: "ELF_LIBC_MIX" }]);
    const addon = Buffer.from(
      readFileSync(at("app/lib/libinner.so.1")).toString("latin1").replace("libc.so.6", "libc.so\0\0"),
      "latin1",
    );
    const withAddon = directoryView(dir, { "/app/addon.node": addon });
    expect(await checkElfClosure(withAddon, { libraries: ["/app/addon.node"], host: "/app/rpath" })).toMatchObject([
      { code: "ELF_LIBC_MIX", missing: "musl" },
    ]);
    expect(await checkElfClosure(directoryView(at("app"), {}), { programs: ["/plain"] })).toMatchObject([
      { code: "ELF_INTERPRETER_MISSING", missing: loader },
    ]);
  });

  it("another machine's addon is named", async () => {
    const arm = Buffer.from(readFileSync(at("app/lib/libinner.so.1")));
    arm.writeUInt16LE(183, 18);
    const problems = await checkElfClosure(directoryView(dir, { "/app/a.node": arm }), { libraries: ["/app/a.node"] });
    expect(problems).toMatchObject([{ code: "ELF_FOREIGN_MACHINE", missing: "aarch64" }]);
    expect(problems[0]?.message).toContain(basename("/app/a.node"));
  });
});

function works(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
