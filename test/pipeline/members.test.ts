import { afterAll, expect, test } from "vitest";
import { lint } from "../../src/pipeline/lint.ts";
import { removeTemporaryDirs, temporaryDir, writeFiles } from "../bundle/place.ts";

afterAll(removeTemporaryDirs);

const listens = (port: string, more = "") =>
  `require("node:http").createServer((q, r) => r.end()).listen(${port}${more});\n`;
const program = (name: string, more: object = {}) =>
  JSON.stringify({ name, scripts: { start: "node main.js" }, ...more });

async function found(files: Record<string, string>): Promise<string[]> {
  const cwd = writeFiles(temporaryDir(), files);
  const { findings } = await lint({ paths: ["."], cwd, only: ["KS001", "KS002"] });
  return findings.map(({ rule, location }) => `${rule} ${location.file}`);
}

test("what one program of a monorepo reads from PORT, or opens, says nothing of its neighbour", async () => {
  expect(
    await found({
      "package.json": '{"workspaces":["apps/*"],"scripts":{"start":"turbo run start"}}',
      "apps/api/package.json": program("api"),
      "apps/api/main.js": listens("3000", ', "127.0.0.1"'),
      "apps/web/package.json": program("web"),
      "apps/web/main.js": listens("process.env.PORT"),
    }),
  ).toEqual(["KS001 apps/api/main.js", "KS002 apps/api/main.js"]);
});

test("what a program is made of is judged with it, not by itself", async () => {
  expect(
    await found({
      "package.json": '{"workspaces":["apps/*","packages/*"]}',
      "apps/api/package.json": program("api", { dependencies: { serve: "*" } }),
      "apps/api/main.js": 'require("serve").serve(process.env.PORT);\n',
      "packages/serve/package.json": program("serve", { main: "main.js" }),
      "packages/serve/main.js": `exports.serve = (port) => ${listens("port ?? 3000")}`,
      "packages/mock/package.json": '{"name":"mock"}',
      "packages/mock/main.js": listens("4000"),
    }),
  ).toEqual([]);
});

test("what is said of the whole is said once", async () => {
  expect(
    await found({
      "package.json": '{"private":true}',
      "server/package.json": program("server"),
      "server/main.js": listens("3000"),
      "client/package.json": '{"name":"client"}',
      "client/index.js": "document.title = 'x';\n",
    }),
  ).toEqual(["KS001 server/main.js"]);
});
