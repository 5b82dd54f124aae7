/**
 * The examples of frameworks, package managers and native packages: each is built as its own documentation says, started in a
 * container, and asked. They share bases, the package managers' caches and one program; what one of them alone needs goes with
 * it, for it is gigabytes in all. At the end stands what each took.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../src/base/package-root.ts";
import type { BuildReport } from "../../src/pipeline/build-types.ts";
import { requireComponent } from "../support/machine.ts";
import { type RunningApp, runApp } from "../support/running-app.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

interface Case {
  /** Path → what its answer holds. */
  asks: Record<string, string | RegExp>;
  /** Directory to build, relative to the example; or flags for its root. */
  member?: string;
  flags?: string[];
  /** Environment of the build. */
  buildEnv?: Record<string, string>;
  /** Environment of the container. */
  env?: Record<string, string>;
  /** Of the report: layers that must be there, and packages that must not. */
  layers?: string[];
  without?: RegExp;
}

const hello = { "/api/hello?name=you": '{"hello":"you"}' };

const CASES: Record<string, Case> = {
  "frameworks/next": {
    asks: {
      "/": "Hello from the app router",
      "/old": "from the pages router at request time",
      ...hello,
      "/robots.txt": "User-agent",
    },
  },
  "frameworks/nuxt": { asks: { "/": "Hello from Nuxt", "/api/hello?name=you": /"hello":\s*"you"/ } },
  "frameworks/sveltekit": { asks: { "/": "Hello from SvelteKit", ...hello } },
  "frameworks/react-router": { asks: { "/": "Hello from React Router", ...hello } },
  "frameworks/astro-node": { asks: { "/": "Hello from Astro", ...hello } },
  "frameworks/astro-static": { asks: { "/": "Hello from Astro" } },
  "frameworks/nestjs": { asks: { "/": "Hello from NestJS", ...hello } },
  "frameworks/vite-react": { asks: { "/": "Hello from Vite", "/deep/link": "Hello from Vite" } },
  "frameworks/angular-ssr": { asks: { "/": "Hello from Angular at the server", ...hello, "/main.js": "Hello from" } },
  "frameworks/tanstack-start": { asks: { "/": "Hello from TanStack Start", ...hello } },
  "frameworks/remix": { asks: { "/": "Hello from Remix", ...hello } },
  "frameworks/adonisjs": {
    asks: { "/": "Hello from AdonisJS", ...hello },
    env: { APP_KEY: "a key of thirty-two letters or so" },
  },
  "frameworks/create-react-app": {
    asks: { "/": "Hello from Create React App", "/deep/link": "Hello from Create React App" },
  },
  "frameworks/docusaurus": { asks: { "/": "Hello from Docusaurus", "/more": "Another page" } },
  "frameworks/eleventy": { asks: { "/": "Hello from Eleventy" } },
  "frameworks/plain-html": { asks: { "/": "Hello from plain HTML", "/style.css": "teal" } },
  "managers/yarn-berry": { asks: { "/": '"milliseconds":172800000' } },
  "managers/yarn-pnp": { asks: { "/": '"milliseconds":172800000' } },
  "managers/bun": { asks: { "/": '"milliseconds":172800000' } },
  "managers/monorepo-npm": { asks: { "/": '"milliseconds":172800000' }, member: "apps/api", without: /is-odd/ },
  "managers/monorepo-pnpm": {
    asks: { "/": '{"name":"monorepo-pnpm","milliseconds":172800000,"patched":42}' },
    flags: ["--workspace", "@shop/api"],
    without: /is-odd/,
  },
  "managers/turborepo": {
    asks: { "/": '{"name":"turborepo","milliseconds":172800000}' },
    member: "apps/api",
    without: /is-odd|typescript|turbo/,
  },
  "managers/nx": {
    asks: { "/": '{"name":"nx","milliseconds":172800000}' },
    member: "apps/api",
    without: /is-odd|esbuild/,
  },
  "native/prisma": {
    asks: { "/": '{"text":"Hello from Prisma","notes":true}' },
    // `prisma generate` wants the engine of migrations to be there, which only Prisma's own server has; it does not start it.
    buildEnv: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath },
    layers: ["dependencies"],
    without: /musl|@types|^prisma$/,
  },
  "native/chromium": { asks: { "/": '{"title":"Hello from Chromium","pdf":"%PDF-"}' }, layers: ["base"] },
  "native/sharp": { asks: { "/": '{"width":4,"height":3,"format":"png"}' }, layers: ["dependencies"] },
  "native/better-sqlite3": { asks: { "/": '"text":"Hello from SQLite"' }, layers: ["dependencies"] },
  "native/argon2": { asks: { "/": '{"matches":true,"kind":"argon2id"}' }, layers: ["dependencies"] },
};

const sandbox = ["runc", "bubblewrap"].find(requireComponent);

let workshop: Workshop;
const took: string[] = [];
beforeAll(() => {
  workshop = openWorkshop();
});
afterAll(() => {
  workshop.close();
  console.log(`Examples: ${took.join(", ")}`);
});

test("every example is here", () => {
  const there = ["frameworks", "managers", "native"].flatMap((kind) =>
    readdirSync(join(packageRoot(), "examples", kind)).map((name) => `${kind}/${name}`),
  );
  expect(there.sort()).toEqual(Object.keys(CASES).sort());
});

describe.each(Object.entries(CASES))("%s", (name, one) => {
  let report: BuildReport;
  let cache: ReturnType<Workshop["ownCache"]>;
  beforeAll(async () => {
    cache = workshop.ownCache();
    const begin = performance.now();
    const source = workshop.example(name);
    report = await workshop.buildWith(one.buildEnv ?? {}, join(source, one.member ?? "."), ...(one.flags ?? []));
    took.push(`${name} ${((performance.now() - begin) / 1000).toFixed(0)} s`);
    expect(readdirSync(source)).not.toContain("node_modules");
  }, 600_000);
  // A disk that others use as well takes its time to lose a hundred thousand files.
  afterAll(() => cache.end(), 600_000);

  test("is built", () => {
    for (const kind of one.layers ?? []) expect(report.layers.map((layer) => layer.kind)).toContain(kind);
    const inside = [...report.bundle.bundled, ...report.bundle.external.map((external) => external.name)].join(" ");
    if (one.without) expect(inside).not.toMatch(one.without);
  });

  test.skipIf(sandbox === undefined)("answers", async () => {
    const app: RunningApp = await runApp(workshop.knbuild.program, [
      report.name,
      "--sandbox",
      sandbox as string,
      "--read-only",
      ...Object.entries(one.env ?? {}).flatMap(([key, value]) => ["--env", `${key}=${value}`]),
    ]);
    let code: number;
    try {
      for (const [path, expected] of Object.entries(one.asks)) {
        const response = await fetch(app.url + path, { headers: { connection: "close" } });
        const text = await response.text();
        expect(`${response.status} ${text}`).toMatch(/^200 /);
        if (typeof expected === "string") expect(text).toContain(expected);
        else expect(text).toMatch(expected);
      }
    } finally {
      code = await app.interrupt();
    }
    expect(code).toBe(0);
    // Next.js finishes its requests and exits with 143: nothing else ends a PID 1 so.
    expect(app.output()).toMatch(/stopped: (?:the app handled SIGTERM|SIGTERM's own exit code)/);
  });
});
