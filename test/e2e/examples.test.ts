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
  /** Packages that must be in the bill of materials, `name bundled` or `name files`. */
  inside?: string[];
  /** Names in the lock file that must not: devDependencies, and what nothing of the bundle reaches. */
  outside?: string[];
  prepare?: (dir: string) => void;
}

interface Component {
  type: string;
  group?: string;
  name: string;
  purl?: string;
  hashes?: unknown[];
  licenses?: unknown[];
  properties?: { name: string; value: string }[];
}

const greeting = (name: string, service: string) => ({ message: `Hello, ${name}!`, service });

const EXAMPLES: Record<string, Example> = {
  "express-js": {
    body: greeting("Express", "express-js"),
    inside: ["express bundled", "helmet bundled", "morgan bundled", "qs bundled"],
  },
  "fastify-ts": {
    body: greeting("Fastify", "fastify-ts"),
    also: { path: "/add?a=2&b=40", body: { sum: 42 } },
    handlesSigterm: true,
    inside: ["fastify bundled", "@fastify/sensible bundled", "pino files", "thread-stream files"],
    outside: ["typescript", "@types/node", "undici-types", "require-from-string"],
  },
  "koa-esm": {
    body: greeting("Koa", "koa-esm"),
    also: { path: "/version", body: { version: "1.0.0" } },
    inside: ["koa bundled", "@koa/router bundled"],
  },
  "hono-ts": {
    body: greeting("Hono", "hono-ts"),
    also: { path: "/page", body: expect.stringContaining("<h1>Hono</h1>") },
    inside: ["hono bundled", "@hono/node-server bundled"],
  },
  "plain-http-cjs": { body: greeting("node:http", "plain-http-cjs") },
  "assets-and-views": {
    body: expect.stringContaining("<h1>"),
    also: { path: "/version", body: { version: "1.0.0" } },
    inside: ["express bundled", "ejs files", "filelist files"],
  },
  "native-addon": {
    body: { matches: true, prefix: "$2b$04$" },
    slow: "/?rounds=13",
    inside: ["bcrypt files", "node-gyp-build files"],
  },
  pnpm: {
    body: greeting("pnpm", "pnpm"),
    inside: ["express bundled", "zod bundled"],
    outside: ["@types/express", "@types/node", "typescript"],
  },
  yarn: {
    body: greeting("Yarn", "yarn"),
    prepare: makeYarnLock,
    inside: ["fastify bundled", "pino files"],
    outside: ["require-from-string"],
  },
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

    test("its bill of materials names what is inside, each with its hash, and nothing that is not", async () => {
      const { code, stdout, stderr } = await workshop.knbuild.run(["sbom", report.name]);
      expect(code, stderr).toBe(0);
      const { components } = JSON.parse(stdout) as { components: Component[] };
      const npm = components.filter(({ purl }) => purl?.startsWith("pkg:npm/"));
      const named = npm.map(({ group, name: own, properties = [] }) => {
        const how = properties.find((property) => property.name === "knbuild:how")?.value;
        return `${group ? `${group}/` : ""}${own} ${how}`;
      });
      expect(named).toEqual(expect.arrayContaining(example.inside ?? []));
      for (const absent of example.outside ?? []) {
        expect(
          named.some((text) => text.startsWith(`${absent} `)),
          absent,
        ).toBe(false);
      }
      const debian = components.filter(({ purl }) => purl?.startsWith("pkg:deb/"));
      expect(debian.length).toBeGreaterThan(5);
      for (const { purl, hashes, licenses } of [...npm, ...debian]) {
        expect([purl, hashes?.length, (licenses?.length ?? 0) > 0]).toEqual([purl, 1, true]);
      }
      expect(components.find(({ name: own, type }) => own === "node" && type === "application")?.hashes).toHaveLength(
        1,
      );
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
