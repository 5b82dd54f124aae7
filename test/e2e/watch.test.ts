/** `--watch`: a save is bundled and served at the same URL; what fails leaves the old instance serving. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BuildReport } from "../../src/pipeline/build-types.ts";
import { requireComponent } from "../support/machine.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

let workshop: Workshop;
let watched: Watched | undefined;
beforeAll(() => {
  workshop = openWorkshop();
});
afterAll(async () => {
  await watched?.end();
  workshop.close();
});

/** Less than a test may take: what was said until then is worth more than "timed out". */
const PATIENCE_MS = 90_000;

interface Watched {
  /** What it has written to stdout so far, line by line. */
  lines(): string[];
  errors(): string;
  /** Waits until both outputs together match. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  end(): Promise<number>;
}

function start(...args: string[]): Watched {
  const child: ChildProcess = spawn(process.execPath, [workshop.knbuild.program, ...args], {
    env: { ...process.env, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (err += text));
  const ended = new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? 1)));
  let over = false;
  void ended.then(() => (over = true));
  return {
    lines: () => out.split("\n").filter(Boolean),
    errors: () => err,
    async until(pattern) {
      const deadline = performance.now() + PATIENCE_MS;
      for (;;) {
        const found = pattern.exec(out) ?? pattern.exec(err);
        if (found) return found;
        if (over) throw new Error(`it ended:\n${out}\n${err}`);
        if (performance.now() > deadline) throw new Error(`it never said ${pattern}:\n${out}\n${err}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    end() {
      child.kill("SIGINT");
      return ended;
    },
  };
}

const app = (name: string) => {
  const dir = workshop.example(name);
  const file = join(dir, "index.js");
  const text = readFileSync(file, "utf8");
  return { dir, save: (change: (text: string) => string) => writeFileSync(file, change(text)) };
};

test("build: what a build writes into its own directory is no change", async () => {
  const { dir, save } = app("plain-http-cjs");
  rmSync(join(dir, "knbuild.lock"), { force: true });
  const outputs = [`type=oci,dest=${dir}/out/image.tar`, `type=layout,dest=${dir}/layout`];
  watched = start("build", dir, "--watch", "-t", "watched:own", ...outputs.flatMap((output) => ["-o", output]));
  await watched.until(/watching/);
  save((text) => `${text}\nconsole.log("edited");\n`);
  await watched.until(/index\.js changed/);
  save((text) => `${text}\nconsole.log("again");\n`);
  await watched.until(/index\.js changed[\s\S]*index\.js changed/);
  await watched.end();
  const changes = `${watched.lines().join("\n")}\n${watched.errors()}`.match(/^.* changed: /gm);
  expect(changes).toEqual(["index.js changed: ", "index.js changed: "]);
}, 120_000);

test("build: one JSON document a change, with times; the same image as a build of its own", async () => {
  const { dir, save } = app("plain-http-cjs");
  watched = start("build", dir, "--watch", "--json", "-t", "watched:v1");
  await watched.until(/watching/);
  save((text) => `${text}\nconsole.log("edited");\n`);
  await watched.until(/"changed":\["index\.js"\]/);
  const { report, bundleMs, imageMs } = JSON.parse(watched.lines()[1] as string) as {
    report: BuildReport;
    bundleMs: number;
    imageMs: number;
  };
  expect(bundleMs).toBeGreaterThan(0);
  expect(imageMs).toBeGreaterThanOrEqual(bundleMs);
  expect((await workshop.build(dir, "--fresh")).digest).toBe(report.digest);
  // A file that was not there before counts as well.
  writeFileSync(join(dir, "more.js"), "module.exports = 1;\n");
  await watched.until(/"changed":\["more\.js"\]/);
  expect(await watched.end()).toBe(0);
}, 120_000);

test.skipIf(!requireComponent("runc"))(
  "run: swaps the instance behind one URL",
  async () => {
    const { dir, save } = app("plain-http-cjs");
    const hello = (word: string) => (text: string) => text.replaceAll("Hello", word);
    watched = start("run", dir, "--watch", "--sandbox", "runc");
    const [, url = ""] = await watched.until(/^(http:\S+)$/m);
    const ask = async () => (await fetch(url, { headers: { connection: "close" } })).text();
    expect(await ask()).toContain("Hello");
    save(hello("Servus"));
    await watched.until(/index\.js changed: bundle .*, image .*, swapped /);
    expect(await ask()).toContain("Servus");
    save((text) => `${text}\nthis is no program(`);
    await watched.until(/error\[BUNDLE_SYNTAX\]/);
    expect(await ask()).toContain("Servus");
    save((text) => `throw new Error("at its start");\n${text}`);
    await watched.until(/error\[CONTAINER_EXITED\]/);
    expect(await ask()).toContain("Servus");
    save(hello("Moin"));
    await watched.until(/swapped [\s\S]*swapped /);
    expect(await ask()).toContain("Moin");
    expect(await watched.end()).toBe(0);
    expect(watched.lines().join("\n")).toMatch(/the app handled SIGTERM and exited with 0/);
  },
  120_000,
);
