/** A private registry with a token, as the user's npm configuration names it; the token is in no layer. */
import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorkshop, type Workshop } from "./workshop.ts";

const TOKEN = "corp-0123456789abcdef-token";

let workshop: Workshop;
let server: Server;
let host: string;
const refused: string[] = [];
beforeAll(async () => {
  workshop = openWorkshop();
  const made = workshop.dir("package");
  writeFileSync(join(made, "package.json"), '{"name":"@corp/secret-sauce","version":"1.0.0"}');
  writeFileSync(join(made, "index.js"), 'module.exports = "sauce";\n');
  execFileSync("npm", ["pack", "--silent"], { cwd: made });
  const tarball = readFileSync(join(made, "corp-secret-sauce-1.0.0.tgz"));
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
  server = createServer((request, response) => {
    if (request.headers.authorization !== `Bearer ${TOKEN}`) {
      refused.push(request.url ?? "");
      response.statusCode = 401;
      return response.end("{}");
    }
    if (request.url?.endsWith(".tgz")) return response.end(tarball);
    const dist = { tarball: `http://${host}/-/secret-sauce-1.0.0.tgz`, integrity };
    const versions = { "1.0.0": { name: "@corp/secret-sauce", version: "1.0.0", dist } };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ name: "@corp/secret-sauce", "dist-tags": { latest: "1.0.0" }, versions }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  host = `127.0.0.1:${(server.address() as { port: number }).port}`;
});
afterAll(() => {
  server.close();
  workshop.close();
});

test("scope and token of the project's .npmrc, the token from the environment", async () => {
  const dir = workshop.dir("private-app");
  writeFileSync(join(dir, ".npmrc"), `@corp:registry=http://${host}/\n//${host}/:_authToken=\${CORP_TOKEN}\n`);
  writeFileSync(join(dir, "package.json"), '{"name":"private-app","dependencies":{"@corp/secret-sauce":"1.0.0"}}');
  writeFileSync(
    join(dir, "server.js"),
    'require("node:http").createServer((_, answer) => answer.end(require("@corp/secret-sauce"))).listen(process.env.PORT);\n',
  );
  const env = { ...process.env, CORP_TOKEN: TOKEN };
  // Not synchronously: the registry lives in this process.
  await promisify(execFile)("npm", ["install", "--package-lock-only", "--no-audit", "--no-fund"], { cwd: dir, env });
  const layout = join(workshop.dir("out"), "layout");
  mkdirSync(layout, { recursive: true });
  for (const flags of [[], ["--no-bundle"]]) {
    const { code, stdout, stderr } = await workshop.knbuild.run(
      ["build", dir, "--json", "-o", `type=layout,dest=${layout}`, ...flags],
      { env: { CORP_TOKEN: TOKEN }, timeoutMs: 300_000 },
    );
    expect(`${code} ${stderr}`).toMatch(/^0 /);
    expect(stdout + stderr).not.toContain(TOKEN);
  }
  for (const name of readdirSync(join(layout, "blobs/sha256"))) {
    const bytes = readFileSync(join(layout, "blobs/sha256", name));
    const content = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
    expect(content.includes(TOKEN), name).toBe(false);
    expect(content.includes("_authToken"), name).toBe(false);
  }
});

test("without the token the error is the registry's, and names no credential", async () => {
  const dir = workshop.dir("private-app-without");
  writeFileSync(join(dir, ".npmrc"), `@corp:registry=http://${host}/\n//${host}/:_authToken=wrong-${TOKEN}\n`);
  writeFileSync(join(dir, "package.json"), '{"name":"a","dependencies":{"@corp/secret-sauce":"1.0.0"}}');
  writeFileSync(
    join(dir, "server.js"),
    'require("@corp/secret-sauce"); require("node:http").createServer(() => {}).listen(process.env.PORT);\n',
  );
  const { code, stderr } = await workshop.knbuild.run(["build", dir], {
    // Not what the other test left in npm's cache.
    env: { npm_config_cache: workshop.dir("npm-cache") },
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(/E?401/);
  expect(stderr).not.toContain(TOKEN);
  expect(refused.length).toBeGreaterThan(0);
});
