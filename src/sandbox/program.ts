/** Running the programs a sandbox is made of. */
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { KnbuildError } from "../base/errors.ts";

/** Absolute path of a program, looked for in PATH and in the system directories that a user's PATH often lacks. */
export function findProgram(name: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = [...(env["PATH"] ?? "").split(delimiter), "/usr/local/sbin", "/usr/sbin", "/sbin"];
  for (const folder of folders) {
    if (!folder) continue;
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // not here
    }
  }
  return undefined;
}

export interface ProgramResult {
  /** 128 + n where signal n ended it; 127 where it could not be started. */
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end; its output must be small. Never throws for a failed program. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: { timeoutMs?: number; signal?: AbortSignal; cwd?: string } = {},
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      ...(options.timeoutMs !== undefined && { timeout: options.timeoutMs, killSignal: "SIGKILL" as const }),
      ...(options.signal && { signal: options.signal }),
      ...(options.cwd !== undefined && { cwd: options.cwd }),
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", (error) => resolve({ code: 127, stdout, stderr: stderr || error.message }));
    child.on("close", (code, signal) =>
      resolve({ code: code ?? (signal ? 128 + signalNumber(signal) : 1), stdout, stderr }),
    );
  });
}

/** As `runProgram`, and throws when the program fails. @throws CONTAINER_START_FAILED */
export async function requireProgram(
  program: string,
  args: readonly string[],
  what: string,
  options: { signal?: AbortSignal } = {},
): Promise<string> {
  const result = await runProgram(program, args, options);
  if (result.code === 0) return result.stdout;
  throw new KnbuildError({
    code: "CONTAINER_START_FAILED",
    message: `${what}: ${lastLine(result.stderr) || `exit code ${result.code}`}`,
    where: program,
    detail: tail(result.stderr, 8),
  });
}

export function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}

export function tail(text: string, lines: number): string {
  return text.trim().split("\n").slice(-lines).join("\n");
}

const SIGNALS: Record<number, string> = {
  1: "SIGHUP",
  2: "SIGINT",
  3: "SIGQUIT",
  4: "SIGILL",
  5: "SIGTRAP",
  6: "SIGABRT",
  7: "SIGBUS",
  8: "SIGFPE",
  9: "SIGKILL",
  11: "SIGSEGV",
  13: "SIGPIPE",
  14: "SIGALRM",
  15: "SIGTERM",
};

/** The signal that an exit code of 128 + n stands for, else null. */
export function signalOfExitCode(code: number): string | null {
  return SIGNALS[code - 128] ?? null;
}

function signalNumber(name: string): number {
  return Number(Object.entries(SIGNALS).find(([, signal]) => signal === name)?.[0] ?? 1);
}
