import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { hasLostHost } from "../../src/install/lost-host.ts";
import { openSource } from "../../src/source/open.ts";

const root = mkdtempSync(join(tmpdir(), "knbuild-lost-host-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const LOCK = JSON.stringify({ packages: { "node_modules/a": { resolved: "https://npm.invalid/a/-/a-1.0.0.tgz" } } });

it.each<[string, Record<string, string>, NodeJS.ProcessEnv, boolean]>([
  ["a scope's registry that has no address", { ".npmrc": "@acme:registry=https://npm.invalid/team/\n" }, {}, true],
  ["the registry that the lock file names", { "package-lock.json": LOCK }, {}, true],
  ["a registry that is here", { ".npmrc": "registry=http://localhost:4873\n" }, {}, false],
  [
    "a name that only the proxy has to know",
    { "package-lock.json": LOCK },
    { https_proxy: "http://proxy.test" },
    false,
  ],
  ["no registry of the project's own", { ".npmrc": "save-exact=true\n" }, {}, false],
])("%s", async (_what, files, env, lost) => {
  const dir = mkdtempSync(join(root, "app-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  expect(await hasLostHost(openSource(dir), env)).toBe(lost);
});
