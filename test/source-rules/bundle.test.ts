/** What bundled packages bring along is told by package: information unless the app calls it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, it } from "vitest";
import type { KnbuildEvent } from "../../src/base/events.ts";
import { lintBundle } from "../../src/pipeline/bundle-lint.ts";
import { openSource } from "../../src/source/open.ts";
import { openStore } from "../../src/store/store.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const PACKAGES: Record<string, string> = {
  "secure-start":
    'const https = require("https");\nexports.start = function start(app) {\n  return https.createServer({}, app).listen(443);\n};\n',
  "debug-port": 'require("http").createServer((q, s) => s.end()).listen(9999);\n',
  plain: 'const https = require("https");\nexports.get = (url) => https.get(url);\n',
};

async function told(server: string): Promise<KnbuildEvent[]> {
  const root = mkdtempSync(join(tmpdir(), "knbuild-bundle-"));
  folders.push(root);
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write("server.js", server);
  for (const [name, text] of Object.entries(PACKAGES)) write(`node_modules/${name}/index.js`, text);
  const packages = Object.keys(PACKAGES).map((name) => ({
    name,
    version: "1.0.0",
    dir: `node_modules/${name}`,
    how: "bundled" as const,
    files: ["index.js"],
  }));
  const events: KnbuildEvent[] = [];
  const context = {
    source: openSource(root),
    store: openStore(join(root, ".cache")),
    emit: (e: KnbuildEvent) => events.push(e),
  };
  await lintBundle({ appDir: root, modulesRoot: root, packages }, context);
  const first = events.splice(0);
  // The second time from what was kept.
  await lintBundle({ appDir: root, modulesRoot: root, packages }, context);
  expect(events).toEqual(first);
  return first;
}

it("informs of a TLS server that nobody calls, and warns of a listener that comes by loading", async () => {
  const events = await told('require("secure-start");\n');
  expect(events).toContainEqual({
    type: "info",
    message:
      "secure-start@1.0.0 makes a TLS server (https.createServer(…)), in start: fine as long as the app does not call it (node_modules/secure-start/index.js:3)",
  });
  expect(events).toContainEqual(
    expect.objectContaining({ type: "warning", code: "KS001", where: "node_modules/debug-port/index.js:1" }),
  );
  expect(JSON.stringify(events)).not.toContain("plain@");
});

it("warns where the app calls it", async () => {
  const events = await told('const { start } = require("secure-start");\nstart(app);\n');
  expect(events).toContainEqual(
    expect.objectContaining({ type: "warning", code: "KS010", where: "node_modules/secure-start/index.js:3" }),
  );
});
