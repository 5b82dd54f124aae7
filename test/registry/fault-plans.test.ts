/** Seeded random plans of faults: each ends in a byte-identical image or in a clear error, in time. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { mapConcurrent } from "../../src/base/concurrency.ts";
import { isKnbuildError } from "../../src/base/errors.ts";
import { copy } from "../../src/oci/copy.ts";
import { createMemoryTarget, type MemoryTarget } from "../../src/oci/memory-target.ts";
import { createRegistryClient } from "../../src/registry/client.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { callOf, type Fault, type FaultKind, type FaultProxy, startFaultProxy } from "../support/fault-proxy.ts";
import { randomImage } from "./random-image.ts";

const PLANS = 300;
const LIMIT_MS = 15_000;

let registry: DockerRegistry;
let proxies: FaultProxy[];

beforeAll(async () => {
  registry = await startDockerRegistry();
  proxies = await Promise.all(Array.from({ length: 4 }, () => startFaultProxy(registry.host)));
});

afterAll(async () => {
  await Promise.all(proxies.map((proxy) => proxy.close()));
  await registry.close();
});

/** mulberry32: small, and the same everywhere. */
function randomOf(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    pick: <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T,
    below: (n: number) => Math.floor(next() * n),
  };
}

const CALLS = {
  push: ["head-manifest", "head-blob", "start", "patch", "commit", "status", "put-manifest"],
  pull: ["get-manifest", "get-blob"],
} as const;

function randomFault(random: ReturnType<typeof randomOf>): FaultKind {
  const after = random.below(150_000);
  const location = (change: (location: string) => string) => (headers: Record<string, string | undefined>) =>
    headers["location"] ? { ...headers, location: change(headers["location"]) } : headers;
  return random.pick<FaultKind>([
    { do: "reset" },
    { do: "cut-up", after },
    { do: "cut-down", after: Math.max(1, after) },
    { do: "status", status: random.pick([500, 502, 503, 504]) },
    { do: "status", status: random.pick([502, 503]), html: true },
    { do: "status", status: 429, headers: { "retry-after": "0" } },
    { do: "status", status: 429 },
    { do: "status", status: random.pick([400, 401, 403, 404, 405, 416]), code: "UNKNOWN" },
    { do: "status", status: 503, afterBytes: after },
    { do: "status", status: 200, html: true },
    { do: "stall" },
    { do: "stall-body", after },
    { do: "stall-up", after },
    { do: "drip", bytes: 20_000, pauseMs: 5 },
    { do: "corrupt" },
    { do: "truncate", to: after },
    { do: "lengthen" },
    { do: "redirect", to: "" },
    { do: "ignore-range" },
    { do: "lose-answer" },
    { do: "headers", set: location((text) => text.replace(/^https?:\/\/[^/]+/, "")) },
    { do: "headers", set: (headers) => ({ ...headers, "docker-content-digest": undefined }) },
    { do: "headers", set: (headers) => ({ ...headers, "docker-content-digest": `sha256:${"0".repeat(64)}` }) },
    { do: "headers", set: (headers) => ({ ...headers, range: undefined }) },
  ]);
}

function randomPlan(seed: number): { direction: "push" | "pull"; faults: Fault[]; names: string } {
  const random = randomOf(seed);
  const direction = random.pick(["push", "pull"] as const);
  const names: string[] = [];
  const faults = Array.from({ length: 1 + random.below(4) }, (): Fault => {
    const call = random.pick(CALLS[direction]);
    const fault = randomFault(random);
    const times = 1 + random.below(3);
    names.push(`${call}: ${JSON.stringify(fault)} x${times}`);
    return { when: (request) => callOf(request) === call, fault, times };
  });
  return { direction, faults, names: names.join("; ") };
}

function client(timeouts: { headersMs: number; idleMs: number }) {
  return createRegistryClient({
    env: {},
    cacheDir: null,
    retry: { baseDelayMs: 5, maxDelayMs: 40 },
    timeouts: { connectMs: 1_000, ...timeouts },
    monolithicBytes: 32 * 1024,
  });
}

function same(a: MemoryTarget, b: MemoryTarget): boolean {
  return (
    a.content.size === b.content.size &&
    [...a.content].every(([digest, bytes]) => Buffer.compare(bytes, b.content.get(digest) ?? Buffer.of()) === 0)
  );
}

it(`${PLANS} random plans of faults`, { timeout: 240_000 }, async () => {
  const ends = { whole: 0, refused: 0 };
  const wrong: string[] = [];
  const free = [...proxies];
  await mapConcurrent(
    Array.from({ length: PLANS }, (_, i) => i + 1),
    proxies.length,
    async (seed) => {
      const proxy = free.pop() as FaultProxy;
      const plan = randomPlan(seed);
      const repository = `plans/p${seed}`;
      const image = await randomImage([40_000, 130_000], { seed: `plan ${seed}` });
      // Straight to the registry nothing is made to fail: only a machine that is busy makes it wait.
      const direct = client({ headersMs: 20_000, idleMs: 20_000 });
      const through = client({ headersMs: 250, idleMs: 250 });
      const down = createMemoryTarget();
      try {
        if (plan.direction === "pull") {
          const home = direct.repository(`${registry.host}/${repository}`, { access: "push" });
          await copy(image.target, home, { reference: "latest", tags: ["v1"] });
        }
        proxy.faults.splice(0, proxy.faults.length, ...plan.faults);
        const begin = performance.now();
        let failure: unknown;
        try {
          const there = through.repository(`${proxy.host}/${repository}`, { access: plan.direction });
          await (plan.direction === "push"
            ? copy(image.target, there, { reference: "latest", tags: ["v1"] })
            : copy(there, down, { reference: "v1", tags: ["v1"] }));
        } catch (error) {
          failure = error;
        }
        const took = performance.now() - begin;
        proxy.faults.length = 0;
        const say = (what: string) => wrong.push(`seed ${seed} (${plan.direction}): ${what}: ${plan.names}`);
        if (took > LIMIT_MS) say(`took ${Math.round(took)} ms`);
        if (failure === undefined) {
          if (plan.direction === "push") {
            await copy(direct.repository(`${registry.host}/${repository}`), down, { reference: "v1" }).catch(() => {});
          }
          if (same(down, image.target)) ends.whole++;
          else say("ended well with a wrong image");
        } else if (isKnbuildError(failure) && failure.code !== "" && failure.message.length > 10) {
          ends.refused++;
          // What is left behind at the destination is never a wrong image under its tag.
          const tagged =
            plan.direction === "pull"
              ? await down.resolve("v1")
              : await direct.repository(`${registry.host}/${repository}`).resolve("v1");
          if (tagged && tagged.digest !== image.descriptor.digest) say("left another image under the tag");
        } else say(`threw ${String(failure)}`);
        for (const [digest, bytes] of down.content) {
          if (Buffer.compare(bytes, image.target.content.get(digest) ?? Buffer.of()) !== 0)
            say(`kept a wrong blob ${digest}`);
        }
      } finally {
        direct.close();
        through.close();
        free.push(proxy);
      }
    },
  );
  expect(wrong).toEqual([]);
  // Most faults pass: a client that gives up at the first one would not get here.
  expect(ends.whole).toBeGreaterThan(PLANS * 0.6);
  expect(ends.whole + ends.refused).toBe(PLANS);
});
