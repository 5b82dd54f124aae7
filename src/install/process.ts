/** Runs a program of a package manager: its lines become log events, its end is kept for the error. */
import { accessSync, constants } from "node:fs";
import { delimiter, resolve as resolvePath } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { interrupted, KnbuildError } from "../base/errors.ts";
import type { Emit } from "../base/events.ts";
import { spawnHeld } from "./lifeline.ts";

export interface ProcessRequest {
  argv: readonly [string, ...string[]];
  cwd: string;
  env: NodeJS.ProcessEnv;
  emit: Emit;
  /** Shown before each line: `npm`. */
  source: string;
  signal?: AbortSignal | undefined;
}

export interface ProcessResult {
  exitCode: number;
  /** The last lines of both outputs, without credentials. */
  tail: string[];
}

const TAIL_LINES = 400;

/** @throws PROGRAM_MISSING, INTERRUPTED; another exit code than 0 is no failure here */
export function runProcess(request: ProcessRequest): Promise<ProcessResult> {
  const { argv, cwd, env, emit, source, signal } = request;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(interrupted(signal.reason));
    const [program] = argv;
    if (!isThere(program, cwd, env)) return reject(missing(program));
    const child = spawnHeld(argv, { cwd, env });
    const tail: string[] = [];
    const stop = () => {
      try {
        // The whole group: a package manager starts programs of its own.
        if (child.pid) process.kill(-child.pid, "SIGTERM");
      } catch {
        child.kill("SIGTERM");
      }
    };
    signal?.addEventListener("abort", stop, { once: true });
    for (const stream of [child.stdout, child.stderr]) {
      let rest = "";
      const line = (text: string) => {
        const clean = redact(stripVTControlCharacters(text.replace(/\r$/, "")));
        tail.push(clean);
        if (tail.length > TAIL_LINES) tail.shift();
        emit({ type: "log", source, line: clean });
      };
      stream.setEncoding("utf8");
      stream.on("data", (chunk: string) => {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        for (const text of lines) line(text);
      });
      stream.on("end", () => rest && line(rest));
    }
    child.on("error", (cause: NodeJS.ErrnoException) => {
      signal?.removeEventListener("abort", stop);
      reject(
        new KnbuildError({
          code: "PROGRAM_FAILED",
          message: `cannot start ${program} (${cause.code})`,
          hint: `Install ${source}, or put it into PATH.`,
          cause,
        }),
      );
    });
    child.on("close", (code, killed) => {
      signal?.removeEventListener("abort", stop);
      if (signal?.aborted) return reject(interrupted(signal.reason));
      resolve({ exitCode: code ?? (killed ? 128 : 1), tail });
    });
  });
}

function isThere(program: string, cwd: string, env: NodeJS.ProcessEnv): boolean {
  if (process.platform === "win32") return true;
  const places = program.includes("/") ? [cwd] : (env["PATH"] ?? "").split(delimiter);
  return places.some((directory) => {
    try {
      accessSync(resolvePath(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function missing(program: string): KnbuildError {
  return new KnbuildError({
    code: "PROGRAM_MISSING",
    message: `${program} is not installed`,
    hint: "Add the package that has it to devDependencies, or put it into PATH.",
  });
}

/** The end of a program's output for an error: without empty lines, lines told twice, and frames of its stack, which say where in the tool it failed. */
export function lastLines(tail: readonly string[], count: number): string[] {
  return tail
    .filter((line) => line.trim() !== "" && !/^\s+at .+(?::\d+:\d+\)?|\(native\)|<anonymous>\)?)\s*\{?$/.test(line))
    .filter((line, i, lines) => line !== lines[i - 1])
    .slice(-count);
}

/** Takes credentials out of a line: tokens of npm's configuration, `user:password@` in URLs, Authorization headers. */
export function redact(line: string): string {
  return line
    .replace(/(_authToken|_auth|_password|npmAuthToken|npmAuthIdent)(["']?\s*[=:]\s*["']?)[^\s"']+/gi, "$1$2***")
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@:]+:[^\s/@]+@/gi, "$1***@")
    .replace(/(authorization["']?\s*:\s*["']?(?:bearer|basic)\s+)\S+/gi, "$1***")
    .replace(/\bnpm_[A-Za-z0-9]{36}\b/g, "npm_***");
}
