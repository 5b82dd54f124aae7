import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { acquireFileLock, withFileLock } from "../../src/base/file-lock.ts";

const scratch = mkdtempSync(join(tmpdir(), "knbuild-file-lock-"));
const contender = join(scratch, "contender.mjs");

/** Takes the lock `rounds` times and says when it is not alone inside; dies inside in the round `dieIn`. */
beforeAll(async () => {
  await build({
    stdin: {
      contents: `
        import { readFileSync, rmSync, writeFileSync } from "node:fs";
        import { withFileLock } from "../../src/base/file-lock.ts";
        const [dir, rounds, dieIn] = process.argv.slice(2);
        const inside = dir + "/inside";
        const alive = (pid) => { try { process.kill(pid, 0); return true; } catch { return false; } };
        for (let round = 0; round < Number(rounds); round++) {
          await withFileLock(dir + "/the.lock", async () => {
            try {
              writeFileSync(inside, String(process.pid), { flag: "wx" });
            } catch {
              if (alive(Number(readFileSync(inside, "utf8")))) { console.log("two inside"); process.exit(3); }
              writeFileSync(inside, String(process.pid));
            }
            if (round === Number(dieIn)) process.kill(process.pid, "SIGKILL");
            await new Promise((resolve) => setImmediate(resolve));
            rmSync(inside);
          });
        }
      `,
      resolveDir: import.meta.dirname,
      loader: "ts",
    },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: contender,
    logLevel: "error",
  });
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function contend(dir: string, rounds: number, dieIn: number): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [contender, dir, String(rounds), String(dieIn)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.on("data", (chunk) => (said += chunk));
    child.on("close", (code) => resolve({ code, said }));
  });
}

describe("a lock between processes", () => {
  it("lets one in at a time, though many of its owners are killed", async () => {
    const dir = mkdtempSync(join(scratch, "many-"));
    const ends = await Promise.all(Array.from({ length: 24 }, (_, i) => contend(dir, 12, i % 2 ? (i * 5) % 12 : -1)));
    expect(ends.map((end) => end.said).filter(Boolean)).toEqual([]);
    expect(ends.filter((end) => end.code === 0)).toHaveLength(12);
    expect(readdirSync(dir).filter((name) => name.endsWith(".breaking"))).toEqual([]);
  });

  it("is broken when nobody has touched it for long, and not before", async () => {
    const lock = join(scratch, "old.lock");
    writeFileSync(lock, "1@another-machine@0");
    await expect(acquireFileLock(lock, { timeoutMs: 0 })).rejects.toMatchObject({ code: "LOCK_TIMEOUT" });
    const hourAgo = new Date(Date.now() - 3_600_000);
    utimesSync(lock, hourAgo, hourAgo);
    expect(await withFileLock(lock, async () => readFileSync(lock, "utf8"))).toMatch(`${process.pid}@`);
    expect(existsSync(lock)).toBe(false);
  });

  it("is broken when its owner was killed before it could sign it, and not while it may be about to", async () => {
    const lock = join(scratch, "unsigned.lock");
    writeFileSync(lock, "");
    await expect(acquireFileLock(lock, { timeoutMs: 0 })).rejects.toMatchObject({ code: "LOCK_TIMEOUT" });
    const aMomentAgo = new Date(Date.now() - 10_000);
    utimesSync(lock, aMomentAgo, aMomentAgo);
    await withFileLock(lock, async () => expect(readFileSync(lock, "utf8")).toMatch(`${process.pid}@`), {
      timeoutMs: -1,
    });
  });

  it("that is another's by now is not released by its former owner", async () => {
    const lock = join(scratch, "lost.lock");
    const held = await acquireFileLock(lock);
    writeFileSync(lock, "1@another-machine@0");
    held.release();
    expect(readFileSync(lock, "utf8")).toBe("1@another-machine@0");
  });

  it("is no longer waited for when the work is interrupted", async () => {
    const lock = join(scratch, "waited.lock");
    const held = await acquireFileLock(lock);
    const abort = new AbortController();
    const waiting = acquireFileLock(lock, { signal: abort.signal });
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: "INTERRUPTED" });
    held.release();
  });
});
