/** Will these programs and libraries load inside this file tree? Resolves loaders, libraries and symbol versions. */

import { type FileView, followLinks } from "./file-view.ts";
import { createLibrarySearch, expandRunpath, type FoundLibrary, type LibrarySearch } from "./library-search.ts";
import { type FileKind, fileKind, parseShebang } from "./magic.ts";
import { readElf } from "./read-elf.ts";
import { type ElfFile, EM_X86_64 } from "./types.ts";

type ElfProblemCode =
  /** There is no such file, or it is a link to nowhere. */
  | "PROGRAM_MISSING"
  | "PROGRAM_NOT_EXECUTABLE"
  /** A program of macOS or Windows. */
  | "PROGRAM_FOREIGN_FORMAT"
  /** Neither ELF nor a script. */
  | "PROGRAM_NOT_RECOGNISED"
  | "SCRIPT_INTERPRETER_MISSING"
  | "ELF_DAMAGED"
  /** Another processor than x86-64, or 32 bits. */
  | "ELF_FOREIGN_MACHINE"
  | "ELF_INTERPRETER_MISSING"
  | "ELF_LIBRARY_MISSING"
  /** The library is there, but too old: `GLIBC_2.43`. */
  | "ELF_VERSION_MISSING"
  /** Built for musl where glibc is, or the other way round. */
  | "ELF_LIBC_MIX";

export interface ElfProblem {
  code: ElfProblemCode;
  /** Absolute path of the file that cannot be loaded. */
  path: string;
  message: string;
  /** The library, loader or version that is missing. */
  missing?: string;
  /** From the file that was asked about to the one that misses something. */
  chain: string[];
}

export interface ElfClosureRequest {
  /** Absolute paths that will be executed: binaries or scripts. */
  programs?: readonly string[];
  /** Absolute paths that `host` will load: `.node` addons, plug-ins. */
  libraries?: readonly string[];
  /** The program that loads the libraries; what it has loaded itself need not be found again. */
  host?: string;
  /** Directories of PATH, for `#!/usr/bin/env NAME`. */
  searchPath?: readonly string[];
  /** Directories of LD_LIBRARY_PATH. */
  libraryPath?: readonly string[];
}

/** As deep as Linux follows interpreters of interpreters. */
const MAX_SCRIPTS = 5;

/** Never throws for what the files hold: damage is a problem like others. Problems come in the order of the request. */
export async function checkElfClosure(view: FileView, request: ElfClosureRequest): Promise<ElfProblem[]> {
  const search = createLibrarySearch(view, request.libraryPath ?? []);
  const problems: ElfProblem[] = [];
  for (const path of request.programs ?? []) {
    await checkProgram(path, [path], 0, { view, search, problems, searchPath: request.searchPath ?? [] });
  }
  const loaded = new Map<string, FoundLibrary>();
  let hostElf: ElfFile | undefined;
  if (request.host !== undefined) {
    hostElf = await openElf(view, request.host);
    // Problems of the host itself are reported where it is asked about as a program.
    if (hostElf) await walk(request.host, hostElf, [request.host], loaded, search, []);
  }
  for (const path of request.libraries ?? []) {
    const head = await readHead(view, path);
    if (!head) problems.push(problem("PROGRAM_MISSING", path, [path], `${path} is not there`));
    else if (head.kind !== "elf") {
      if (head.kind === "mach-o" || head.kind === "pe") problems.push(foreign(path, [path], head.kind));
      else problems.push(problem("ELF_DAMAGED", path, [path], `${path} is no shared library`));
    } else await checkElf(path, [path], new Map(loaded), { view, search, problems }, hostElf);
  }
  return problems;
}

interface Run {
  view: FileView;
  search: LibrarySearch;
  problems: ElfProblem[];
}

async function checkProgram(
  path: string,
  chain: string[],
  depth: number,
  run: Run & { searchPath: readonly string[] },
): Promise<void> {
  const head = await readHead(run.view, path);
  const add = (code: ElfProblemCode, message: string, missing?: string) =>
    run.problems.push(problem(code, path, chain, message, missing));
  if (!head) {
    if (depth === 0) add("PROGRAM_MISSING", `${path} is not there`);
    else
      add("SCRIPT_INTERPRETER_MISSING", `${chain.at(-2)} asks for the interpreter ${path}, which is not there`, path);
  } else if (head.mode !== undefined && (head.mode & 0o111) === 0) {
    add("PROGRAM_NOT_EXECUTABLE", `${path} is not executable (mode ${head.mode.toString(8)})`);
  } else if (head.kind === "elf") await checkElf(path, chain, new Map(), run);
  else if (head.kind === "mach-o" || head.kind === "pe") run.problems.push(foreign(path, chain, head.kind));
  else if (head.kind !== "script")
    add("PROGRAM_NOT_RECOGNISED", `${path} is neither an ELF program nor a script with #!`);
  else {
    const shebang = parseShebang(head.bytes);
    if (!shebang || depth >= MAX_SCRIPTS)
      add("PROGRAM_NOT_RECOGNISED", `${path} has a #! line that Linux does not follow`);
    else {
      const { interpreter, argument } = shebang;
      await checkProgram(interpreter, [...chain, interpreter], depth + 1, run);
      const name = /\/env$/.test(interpreter) ? envCommand(argument) : undefined;
      if (name !== undefined) await checkEnvCommand(path, name, chain, depth, run);
    }
  }
}

/** `node` of `env node`, `env -S node --flag`, `env VAR=1 node`. */
function envCommand(argument: string | undefined): string | undefined {
  return (argument ?? "").split(/\s+/).find((word) => word !== "" && !word.startsWith("-") && !word.includes("="));
}

async function checkEnvCommand(
  path: string,
  name: string,
  chain: string[],
  depth: number,
  run: Run & { searchPath: readonly string[] },
): Promise<void> {
  for (const dir of name.includes("/") ? [""] : run.searchPath) {
    const candidate = dir === "" ? name : `${dir.replace(/\/+$/, "")}/${name}`;
    if (await readHead(run.view, candidate)) return checkProgram(candidate, [...chain, candidate], depth + 1, run);
  }
  run.problems.push(
    problem("SCRIPT_INTERPRETER_MISSING", path, chain, `${path} asks for ${name}, which is not in PATH`, name),
  );
}

/** @param loaded what is in the process already, by the name under which it is asked for; grows */
async function checkElf(
  path: string,
  chain: string[],
  loaded: Map<string, FoundLibrary>,
  { view, search, problems }: Run,
  host?: ElfFile,
): Promise<void> {
  const found = await followLinks(view, path);
  const result = found?.file.open ? await readElf(found.file.open()) : { ok: false as const, reason: "is not there" };
  if (!result.ok) {
    problems.push(problem("ELF_DAMAGED", path, chain, `${path}: ${result.reason}`));
    return;
  }
  const { elf } = result;
  if (elf.machine !== EM_X86_64 || elf.bits !== 64 || !elf.littleEndian) {
    const message = `${path} is made for ${elf.machineName} (${elf.bits} bits), not for x86-64`;
    problems.push(problem("ELF_FOREIGN_MACHINE", path, chain, message, elf.machineName));
    return;
  }
  if (host && isMix(host, elf)) {
    const message = `${path} is built for ${elf.libc}, and the program that loads it for ${host.libc}`;
    problems.push(problem("ELF_LIBC_MIX", path, chain, message, elf.libc));
    return;
  }
  if (elf.interpreter !== undefined && !(await openElf(view, elf.interpreter))) {
    const musl = elf.libc === "musl" && (await openElf(view, "/lib64/ld-linux-x86-64.so.2"));
    problems.push(
      musl
        ? problem("ELF_LIBC_MIX", path, chain, `${path} is built for musl, the image has glibc`, elf.interpreter)
        : problem(
            "ELF_INTERPRETER_MISSING",
            path,
            chain,
            `${path} needs the loader ${elf.interpreter}`,
            elf.interpreter,
          ),
    );
    return;
  }
  problems.push(...(await walk(path, elf, chain, loaded, search, [])));
}

function isMix(host: ElfFile, elf: ElfFile): boolean {
  const both = [host.libc, elf.libc];
  return both.includes("glibc") && both.includes("musl");
}

/** Loads what a file needs, and what that needs, breadth first as the loader does. */
async function walk(
  path: string,
  elf: ElfFile,
  chain: string[],
  loaded: Map<string, FoundLibrary>,
  search: LibrarySearch,
  inherited: readonly string[],
): Promise<ElfProblem[]> {
  const problems: ElfProblem[] = [];
  const queue = [{ path, elf, chain, inherited }];
  for (const next of queue) {
    const own = next.elf.runpath.length > 0 ? [] : expandRunpath(next.elf.rpath, next.path);
    const rpath = [...own, ...next.inherited];
    const runpath = expandRunpath(next.elf.runpath, next.path);
    for (const name of next.elf.needed) {
      if (loaded.has(name)) continue;
      const found = await search.find(name, next.elf, rpath, runpath);
      if (!found) {
        const message = `${next.path} needs ${name}, which is not in the image`;
        problems.push(problem("ELF_LIBRARY_MISSING", next.path, next.chain, message, name));
        continue;
      }
      loaded.set(name, found);
      if (found.elf.soname !== undefined) loaded.set(found.elf.soname, found);
      queue.push({ path: found.path, elf: found.elf, chain: [...next.chain, found.path], inherited: rpath });
    }
    problems.push(...missingVersions(next, loaded));
  }
  return problems;
}

function missingVersions(
  { path, elf, chain }: { path: string; elf: ElfFile; chain: string[] },
  loaded: ReadonlyMap<string, FoundLibrary>,
): ElfProblem[] {
  return elf.versionsNeeded.flatMap(({ file, versions }) => {
    const library = loaded.get(file);
    // A library without versions of its own satisfies all: the loader only warns.
    if (!library || library.elf.versionsDefined.length === 0) return [];
    const defined = new Set(library.elf.versionsDefined);
    const missing = versions.filter((version) => !defined.has(version));
    if (missing.length === 0) return [];
    const newest = newestVersion(library.elf.versionsDefined, missing[0] as string);
    const message = `${path} needs ${missing.join(", ")} of ${file}; the image's goes up to ${newest}`;
    return [problem("ELF_VERSION_MISSING", path, chain, message, missing.at(-1) as string)];
  });
}

/** The newest of the versions that share the prefix: GLIBC_2.41 among GLIBC_2.2.5, … */
function newestVersion(defined: readonly string[], like: string): string {
  const prefix = like.slice(0, like.lastIndexOf("_") + 1);
  const numbers = (version: string) => version.slice(prefix.length).split(".").map(Number);
  const same = defined.filter((version) => version.startsWith(prefix) && /^[\d.]+$/.test(version.slice(prefix.length)));
  return (
    same
      .sort((a, b) => {
        const [x, y] = [numbers(a), numbers(b)];
        for (let i = 0; i < Math.max(x.length, y.length); i++) {
          const difference = (x[i] ?? 0) - (y[i] ?? 0);
          if (difference !== 0) return difference;
        }
        return 0;
      })
      .at(-1) ??
    defined.at(-1) ??
    "nothing"
  );
}

async function openElf(view: FileView, path: string): Promise<ElfFile | undefined> {
  const found = await followLinks(view, path);
  if (found?.file.type !== "file" || !found.file.open) return undefined;
  const result = await readElf(found.file.open());
  return result.ok ? result.elf : undefined;
}

async function readHead(
  view: FileView,
  path: string,
): Promise<{ kind: FileKind; bytes: Uint8Array; mode?: number } | undefined> {
  const found = await followLinks(view, path);
  if (found?.file.type !== "file" || !found.file.open) return undefined;
  const bytes = await found.file.open().read(0, 256);
  return { kind: fileKind(bytes), bytes, ...(found.file.mode !== undefined && { mode: found.file.mode }) };
}

function foreign(path: string, chain: string[], kind: "mach-o" | "pe"): ElfProblem {
  const system = kind === "pe" ? "Windows" : "macOS";
  return problem("PROGRAM_FOREIGN_FORMAT", path, chain, `${path} is a program of ${system}, not of Linux`, system);
}

function problem(code: ElfProblemCode, path: string, chain: string[], message: string, missing?: string): ElfProblem {
  return { code, path, message, chain, ...(missing !== undefined && { missing }) };
}
