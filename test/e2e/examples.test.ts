/** Every example: built, started with runc and with podman on a random port, asked, stopped with a request in flight. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../src/base/package-root.ts";
import type { BuildReport } from "../../src/pipeline/build-types.ts";
import { requireComponent } from "../support/machine.ts";
import { runApp } from "../support/running-app.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

interface Example {
  body: unknown;
  /** A path whose answer takes a while; default `/slow?ms=1500`. */
  slow?: string;
  /** Something of the example that only works when its files are there. */
  also?: { path: string; body: unknown };
  /** The app's own handler, not knbuild's. */
  handlesSigterm?: boolean;
  prepare?: (dir: string) => void;
}

const greeting = (name: string, service: string) => ({ message: `Hello, ${name}!`, service });

const EXAMPLES: Record<string, Example> = {
  "express-js": { body: greeting("Express", "express-js") },
  "fastify-ts": {
    body: greeting("Fastify", "fastify-ts"),
    also: { path: "/add?a=2&b=40", body: { sum: 42 } },
    handlesSigterm: true,
  },
  "koa-esm": { body: greeting("Koa", "koa-esm"), also: { path: "/version", body: { version: "1.0.0" } } },
  "hono-ts": {
    body: greeting("Hono", "hono-ts"),
    also: { path: "/page", body: expect.stringContaining("<h1>Hono</h1>") },
  },
  "plain-http-cjs": { body: greeting("node:http", "plain-http-cjs") },
  "assets-and-views": { body: expect.stringContaining("<h1>"), also: { path: "/version", body: { version: "1.0.0" } } },
  "native-addon": { body: { matches: true, prefix: "$2b$04$" }, slow: "/?rounds=13" },
  pnpm: { body: greeting("pnpm", "pnpm") },
  yarn: { body: greeting("Yarn", "yarn"), prepare: makeYarnLock },
};

const SANDBOXES = ["runc", "podman"].filter(requireComponent);

let workshop: Workshop;
beforeAll(() => {
  workshop = openWorkshop();
});
afterAll(() => workshop.close());

test("every example is here", () => {
  // Two are no servers: test/delivery builds the one and runs the other. The folders are more-examples.test.ts’s.
  // The first two are no servers: test/delivery builds the one and runs the other. The folders are for more-examples.test.ts.
  const others = ["builder-image", "embed", "frameworks", "managers", "native"];
  expect(readdirSync(join(packageRoot(), "examples")).sort()).toEqual([...Object.keys(EXAMPLES), ...others].sort());
});

for (const [name, example] of Object.entries(EXAMPLES)) {
  describe(name, () => {
    let report: BuildReport;
    let source: string;

    beforeAll(async () => {
      source = workshop.example(name);
      example.prepare?.(source);
      report = await workshop.build(source);
    });

    test("is built as its files say, and the source is left alone", () => {
      expect(report).toMatchObject({ platform: "linux/amd64", buildpack: "node", name: `${name}:latest` });
      expect(report.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(readdirSync(source)).not.toContain("node_modules");
      expect(report.entrypoint[0]).toMatch(/\/node$/);
      expect(report.entrypoint.some((word) => word.includes("graceful-shutdown"))).toBe(!example.handlesSigterm);
    });

    test.each(SANDBOXES)("answers in %s, and finishes what is in flight when it is told to stop", async (sandbox) => {
      const app = await runApp(workshop.knbuild.program, [report.name, "--sandbox", sandbox]);
      expect(await get(`${app.url}/`)).toEqual(example.body);
      if (example.also) expect(await get(app.url + example.also.path)).toEqual(example.also.body);
      let answered = false;
      const slow = get(app.url + (example.slow ?? "/slow?ms=1500")).finally(() => (answered = true));
      await delay(300);
      expect(answered).toBe(false);
      const begin = performance.now();
      const ended = app.interrupt();
      expect(await slow).toEqual(
        example.slow ? expect.objectContaining({ matches: true }) : { message: "took a while" },
      );
      expect(await ended).toBe(0);
      expect(performance.now() - begin).toBeLessThan(10_000);
      expect(app.output()).toMatch(/the app handled SIGTERM and exited with 0/);
    });
  });
}

async function get(url: string): Promise<unknown> {
  const response = await fetch(url, { headers: { connection: "close" } });
  expect(response.status).toBe(200);
  const text = await response.text();
  return response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
}

/** A lock file of yarn 1 names the registry that made it, so there is none in the tree. */
function makeYarnLock(dir: string): void {
  const { packageManager } = JSON.parse(readFileSync(join(dir, "package.json"), "utf8")) as { packageManager: string };
  const args = [
    "--yes",
    packageManager,
    "install",
    "--ignore-scripts",
    "--ignore-engines",
    "--no-progress",
    "--silent",
    "--modules-folder",
    `${dir}-modules`,
  ];
  const made = spawnSync("npx", args, { cwd: dir, encoding: "utf8" });
  if (made.status !== 0) throw new Error(`yarn install: ${made.stderr}`);
}
