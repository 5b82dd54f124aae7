/** What `knbuild plan` says of the bundle: what is in it, what is not, why, and how it knows. */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorkshop, type Workshop } from "../e2e/workshop.ts";

let workshop: Workshop;
const work = mkdtempSync(join(tmpdir(), "knbuild-plan-"));
beforeAll(() => {
  workshop = openWorkshop();
});
afterAll(() => {
  workshop.close();
  rmSync(work, { recursive: true, force: true });
});

function project(name: string, files: Record<string, string>): string {
  const dir = join(work, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return dir;
}

const SERVER = `const plain = require("plain"), placed = require("placed");
require("node:http").createServer((q, s) => s.end(plain + placed)).listen(process.env.PORT || 8080);
`;
const MANIFEST = JSON.stringify({ name: "app", dependencies: { plain: "1.0.0", placed: "1.0.0" } });
const MODULES = {
  "node_modules/plain/package.json": '{"name":"plain","version":"1.0.0"}',
  "node_modules/plain/index.js": 'module.exports = "plain";\n',
  "node_modules/placed/package.json": '{"name":"placed","version":"1.0.0"}',
  "node_modules/placed/index.js":
    'module.exports = require("fs").readFileSync(require("path").join(__dirname, "word.txt"), "utf8");\n',
  "node_modules/placed/word.txt": "word",
};

async function planned(dir: string) {
  const { code, stdout, stderr } = await workshop.knbuild.run(["plan", dir, "--json"]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return JSON.parse(stdout).bundle;
}

test("where the packages are there, they tell", async () => {
  const dir = project("there", { "package.json": MANIFEST, "server.js": SERVER, ...MODULES });
  expect(await planned(dir)).toEqual({
    bundled: ["plain@1.0.0"],
    external: [{ name: "placed", reason: expect.stringMatching(/__dirname/) }],
    from: "modules",
    current: true,
  });
  const told = (await workshop.knbuild.run(["plan", dir])).stdout;
  expect(told).toMatch(/^bundled +plain@1\.0\.0$/m);
  expect(told).toMatch(/^as files +placed: .*__dirname/m);
});

test("where they are not, or the app cannot be read, the plan stands without it", async () => {
  const dir = project("away", { "package.json": MANIFEST, "server.js": SERVER });
  expect(await planned(dir)).toBeNull();
  expect((await workshop.knbuild.run(["plan", dir])).stdout).toMatch(/^bundled +known after a build$/m);
  const broken = project("broken", { "server.js": `${SERVER} {` });
  expect(await planned(broken)).toBeNull();
});

test("after a build, what that one found; and that an edit came since", async () => {
  const dir = workshop.example("express-js");
  expect(await planned(dir)).toBeNull();
  const { bundle } = await workshop.build(dir);
  expect(await planned(dir)).toEqual({ ...bundle, from: "build", current: true });
  appendFileSync(join(dir, "server.js"), "// edited\n");
  expect(await planned(dir)).toEqual({ ...bundle, from: "build", current: false });
  expect((await workshop.knbuild.run(["plan", dir])).stdout).toMatch(/^last build .*changed/m);
}, 300_000);
