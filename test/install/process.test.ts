import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, expect, test, vi } from "vitest";
import { packageRoot } from "../../src/base/package-root.ts";
import { runProcess } from "../../src/install/process.ts";

const dir = mkdtempSync(join(tmpdir(), "knbuild-process-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const run = (argv: [string, ...string[]], signal?: AbortSignal) =>
  runProcess({ argv, cwd: dir, env: process.env, emit: () => {}, source: "it", signal });

test("gives exit code and last lines, and no input", async () => {
  expect(await run(["sh", "-c", "echo one; echo two >&2; exit 3"])).toMatchObject({
    exitCode: 3,
    tail: expect.arrayContaining(["one", "two"]),
  });
  expect(await run(["cat"])).toEqual({ exitCode: 0, tail: [] });
});

test("a program that is not there is named", async () => {
  await expect(run(["no-such-program"])).rejects.toMatchObject({ code: "PROGRAM_MISSING" });
  await expect(run([join(dir, "nowhere")])).rejects.toMatchObject({ code: "PROGRAM_MISSING" });
});

test("an interrupt ends what the program started", async () => {
  const pidFile = join(dir, "interrupted");
  const stop = new AbortController();
  const running = run(
    ["sh", "-c", `sleep 600 & echo $! > ${pidFile}.part; mv ${pidFile}.part ${pidFile}; wait`],
    stop.signal,
  );
  await vi.waitFor(() => expect(existsSync(pidFile)).toBe(true), 60_000);
  stop.abort();
  await expect(running).rejects.toMatchObject({ code: "INTERRUPTED" });
  await gone(readFileSync(pidFile, "utf8").trim());
});

test("who is killed outright takes along what it started", async () => {
  const pidFile = join(dir, "killed");
  const program = join(dir, "runs.mjs");
  await build({
    stdin: {
      contents: `import { runProcess } from "./src/install/process.ts";
await runProcess({ argv: ["sh", "-c", "sleep 600 & echo $! > $OUT.part; mv $OUT.part $OUT; wait"], cwd: ".", env: process.env, emit() {}, source: "it" });`,
      resolveDir: packageRoot(),
    },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: program,
  });
  const parent = spawn(process.execPath, [program], { env: { ...process.env, OUT: pidFile }, stdio: "ignore" });
  await vi.waitFor(() => expect(existsSync(pidFile)).toBe(true), 60_000);
  parent.kill("SIGKILL");
  await gone(readFileSync(pidFile, "utf8").trim());
});

async function gone(pid: string): Promise<void> {
  await vi.waitFor(() => {
    let state = "";
    try {
      state = /^State:\s+(\S)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "";
    } catch {
      return;
    }
    expect(state).toBe("Z"); // Ended; who started it has not looked yet.
  }, 60_000);
}
