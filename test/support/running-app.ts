/** `knbuild run` as a user calls it: a process whose output is read, asked over HTTP, stopped with Ctrl-C. */
import { type ChildProcess, spawn } from "node:child_process";

export interface RunningApp {
  url: string;
  /** What it has written so far, both streams. */
  output(): string;
  /** Ctrl-C; resolves with the exit code. */
  interrupt(): Promise<number>;
}

/** @throws when it ends before it prints a URL, with everything it wrote */
export async function runApp(program: string, args: string[], env: Record<string, string> = {}): Promise<RunningApp> {
  const child = spawn(process.execPath, [program, "run", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env, NO_COLOR: "1" },
  });
  let stdout = "";
  let stderr = "";
  const ended = new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? 1)));
  const url = new Promise<string>((resolve) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      const found = /^(http:\/\/\S+)$/m.exec(stdout)?.[1];
      if (found) resolve(found);
    });
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const first = await Promise.race([url, ended]);
  if (typeof first === "number") throw new Error(`knbuild run ended with ${first}:\n${stdout}\n${stderr}`);
  return { url: first, output: () => `${stdout}\n${stderr}`, interrupt: () => interrupt(child, ended) };
}

async function interrupt(child: ChildProcess, ended: Promise<number>): Promise<number> {
  child.kill("SIGINT");
  return ended;
}
