import fc from "fast-check";
import { expect, it } from "vitest";
import { canonicalPlan, planKey } from "../../src/plan/canonical.ts";
import type { Plan } from "../../src/plan/types.ts";

const PLAN: Plan = {
  version: 1,
  buildpack: "node",
  name: "app",
  entrypoint: { file: "server.js", argv: ["node", "server.js"], evidence: "main" },
  base: { ref: "debian13-node24", packages: [] },
  steps: [
    {
      type: "host-command",
      argv: ["npm", "run", "build"],
      cwd: ".",
      env: {},
      inputs: ["**"],
      outputs: [],
      why: "scripts.build",
    },
  ],
  config: {
    env: { NODE_ENV: "production" },
    workdir: "/app",
    user: "65532:65532",
    exposedPorts: ["8080/tcp"],
    labels: {},
  },
  evidence: ["a"],
  warnings: [],
};

it("is the same text whatever the order of the members", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string()), fc.infiniteStream(fc.nat()), (env, numbers) => {
      const shuffled = Object.fromEntries(
        Object.entries(env)
          .map((pair) => [numbers.next().value as number, pair] as const)
          .sort(([a], [b]) => a - b)
          .map(([, pair]) => pair),
      );
      const one = { ...PLAN, config: { ...PLAN.config, env } };
      const other = { ...PLAN, config: { ...PLAN.config, env: shuffled } };
      expect(canonicalPlan(other)).toBe(canonicalPlan(one));
      expect(planKey(other)).toBe(planKey(one));
      expect(JSON.parse(canonicalPlan(one))).toEqual(JSON.parse(JSON.stringify(one)));
    }),
    { numRuns: 100 },
  );
});

it("the key leaves out what is said to people, and nothing else", () => {
  const key = planKey(PLAN);
  expect(
    planKey({
      ...PLAN,
      evidence: ["b"],
      warnings: [{ code: "X", message: "x" }],
      entrypoint: { ...PLAN.entrypoint, evidence: "start" },
    }),
  ).toBe(key);
  expect(planKey({ ...PLAN, name: "other" })).not.toBe(key);
  expect(planKey({ ...PLAN, entrypoint: { ...PLAN.entrypoint, argv: ["node", "x.js"] } })).not.toBe(key);
  expect(planKey({ ...PLAN, base: { ...PLAN.base, packages: ["graphviz"] } })).not.toBe(key);
});
