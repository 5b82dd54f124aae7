import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { KnbuildEvent } from "../../src/base/events.ts";
import { loadConfig } from "../../src/config/load.ts";
import { choosePlan } from "../../src/pipeline/choose-plan.ts";
import { openSource } from "../../src/source/index.ts";

const dir = mkdtempSync(join(tmpdir(), "knbuild-choose-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test.each([
  ["nothing, where nothing is asked in vain", { env: { LEVEL: "info" } }, []],
  [
    "variables that are the platform's",
    { env: { PORT: "3", K_SERVICE: "x", K_OWN: "y" } },
    ["PORT, K_SERVICE: set by"],
  ],
  ["what is a Dockerfile's, where there is none", { dockerfile: { target: "x" } }, ["there is no Dockerfile here"]],
  ["nothing of a Dockerfile, where a buildpack is named", { dockerfile: { target: "x" }, buildpack: "node" }, []],
])("tells %s", async (_what, overrides, told) => {
  writeFileSync(join(dir, "server.js"), 'require("node:http").createServer(() => {}).listen(process.env.PORT);\n');
  const events: KnbuildEvent[] = [];
  const run = { dir, cwd: dir, env: {}, options: {}, emit: (event: KnbuildEvent) => void events.push(event) };
  const { config } = loadConfig({ dir, flags: overrides, env: {} });
  await choosePlan(run as unknown as Parameters<typeof choosePlan>[0], openSource(dir), config);
  const messages = events.flatMap((event) => (event.type === "warning" ? [event.message] : []));
  expect(messages).toEqual(told.map((text) => expect.stringContaining(text)));
});
