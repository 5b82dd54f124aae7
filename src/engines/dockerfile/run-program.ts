/** Starts a builder of another program: its output is passed on line by line, and an interrupt reaches it. */
import { spawn } from "node:child_process";
import { interrupted, KnbuildError } from "../../base/errors.ts";
import type { Emit } from "../../base/events.ts";

export interface BuilderRun {
  program: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd?: string;
  /** For messages and logs: `buildah`. */
  id: string;
  emit: Emit;
  signal: AbortSignal;
}

const LAST_LINES = 40;

/** @throws DOCKERFILE_FAILED with the last lines that it said, INTERRUPTED */
export async function runBuilder({ program, args, env, cwd, id, emit, signal }: BuilderRun): Promise<void> {
  const child = spawn(program, args, {
    env,
    ...(cwd !== undefined && { cwd }),
    stdio: ["ignore", "pipe", "pipe"],
    // Ctrl-C is knbuild's to handle.
    detached: true,
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream.setEncoding("utf8").on("data", (text: string) => {
      const parts = (rest + text).split(/\r?\n/);
      rest = parts.pop() as string;
      parts.forEach(hear);
    });
    stream.on("end", () => rest !== "" && hear(rest));
  }
  const stop = (): void => {
    child.kill("SIGTERM");
  };
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve(status ?? 1));
  }).finally(() => signal.removeEventListener("abort", stop));
  if (signal.aborted) throw interrupted(signal.reason);
  if (code === 0) return;
  throw new KnbuildError({
    code: "DOCKERFILE_FAILED",
    message: failure(lines) ?? `${id} ended with status ${code}`,
    where: failedLine(lines),
    detail: lines.slice(-LAST_LINES).join("\n"),
    hint: `The lines above are ${id}'s own.`,
  });

  function hear(line: string): void {
    lines.push(line);
    if (lines.length > 200) lines.shift();
    emit({ type: "log", source: id, line });
  }
}

/** The last line that calls itself an error. */
function failure(lines: readonly string[]): string | undefined {
  const line = lines.findLast((one) => /\berror\b|\bfailed\b/i.test(one));
  return line?.replace(/^(?:#\d+ )?(?:ERROR|Error|error|time=\S+ level=error msg=)[:\s]*/, "").slice(0, 400);
}

/** BuildKit names the line: `Dockerfile:7`; buildah `STEP 3/5` does not. */
function failedLine(lines: readonly string[]): string | undefined {
  for (const line of [...lines].reverse()) {
    const found = /^\s*(\S*(?:Dockerfile|Containerfile)\S*:\d+)\s*$/.exec(line);
    if (found) return found[1];
  }
  return undefined;
}
