/** Popular packages inside an image: one container requires each of them and calls one function of it. */
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packageRoot } from "../../src/base/package-root.ts";
import type { BuildReport } from "../../src/pipeline/build-types.ts";
import { PACKAGE_CASES } from "../bundle/package-cases.ts";
import { requireComponent } from "../support/machine.ts";
import { runApp } from "../support/running-app.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

const sandbox = ["runc", "bubblewrap"].find(requireComponent);

let workshop: Workshop;
let report: BuildReport;
let answers: Record<string, { value?: unknown; error?: string }>;

beforeAll(async () => {
  workshop = openWorkshop();
  const dir = workshop.dir("packages");
  for (const name of ["package.json", "package-lock.json"])
    cpSync(join(packageRoot(), "test/bundle/packages", name), join(dir, name));
  const calls = PACKAGE_CASES.map(({ name, call, esm }) => {
    const load = esm ? `await import(${JSON.stringify(name)})` : `require(${JSON.stringify(name)})`;
    return `  ${JSON.stringify(name)}: async () => { const m = ${load}; return await (${call}); },`;
  });
  writeFileSync(
    join(dir, "server.js"),
    `const { createServer } = require("node:http");
const calls = {
${calls.join("\n")}
};
const all = (async () => {
  const answers = {};
  for (const [name, call] of Object.entries(calls)) {
    try {
      answers[name] = { value: (await call()) ?? null };
    } catch (error) {
      answers[name] = { error: String(error && error.stack) };
    }
  }
  return JSON.stringify(answers);
})();
createServer(async (_request, response) => response.end(await all)).listen(process.env.PORT);
`,
  );
  report = await workshop.build(dir, "--no-lint", "--ignore-scripts");
  if (sandbox === undefined) return;
  const app = await runApp(workshop.knbuild.program, [report.name, "--sandbox", sandbox, "--read-only"]);
  answers = (await (await fetch(app.url, { headers: { connection: "close" } })).json()) as typeof answers;
  await app.interrupt();
}, 600_000);
afterAll(() => workshop.close());

test("there are at least fifty of them", () => {
  expect(PACKAGE_CASES.length).toBeGreaterThanOrEqual(50);
});

test.skipIf(sandbox === undefined).each(PACKAGE_CASES)("$name", ({ name, files }) => {
  expect(answers[name]?.error).toBeUndefined();
  expect(answers[name]).toHaveProperty("value");
  const external = report.bundle.external.find((one) => one.name === name);
  // Shipped as files: for its own reason, or because another one that is asks for it.
  if (files) expect(external?.reason).toMatch(files);
  else if (external) expect(external.reason).not.toBe("");
  else expect(report.bundle.bundled.some((one) => one.startsWith(`${name}@`))).toBe(true);
});
