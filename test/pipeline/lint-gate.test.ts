/** What a build asks the contract about: the scripts that its bundle holds, and no others. */
import { join, relative } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { lintGate } from "../../src/pipeline/lint-gate.ts";
import { plan } from "../../src/pipeline/plan.ts";
import { filesOfMember, gatePlace, sourceFilesOf } from "../../src/pipeline/source-files.ts";
import { openSource } from "../../src/source/open.ts";
import { TEST_BASES } from "../buildpacks/node-bases.ts";
import { bundle, removeTemporaryDirs, temporaryDir, writeFiles } from "../bundle/place.ts";

afterAll(removeTemporaryDirs);

const SERVER = [
  'const http = require("node:http");',
  "http.createServer((req, res) => res.end()).listen(process.env.PORT);",
  'process.on("SIGTERM", () => process.exit(0));',
];
/** Its text is imported by a line that can never run: the bundler leaves it out. */
const LOCAL = 'require("node:https").createServer({}, () => {}).listen(8443, "127.0.0.1");\n';

/** The gate over an app that was really bundled; what it said, or how it stopped the build. */
async function gate(files: Record<string, string>, entry = "server.js") {
  const dir = writeFiles(temporaryDir(), { "package.json": '{"name":"app","version":"1.0.0"}', ...files });
  const result = await bundle(dir, entry);
  const sources = result.sources?.map((path) => relative(dir, path));
  const told: string[] = [];
  try {
    const findings = await lintGate(openSource(dir), {
      profile: "gke",
      entry,
      handlesSigterm: false,
      bundled: Promise.resolve(sources),
      emit: (event) => event.type === "warning" && told.push(String(event.code)),
      signal: new AbortController().signal,
    });
    return { sources, told, rules: findings.filter(({ severity }) => severity !== "info").map(({ rule }) => rule) };
  } catch (error) {
    return { sources, told, rules: [], stopped: (error as { code?: string }).code };
  }
}

test.each(["name", "directory"])(
  "of the programs of one package the one that is named is judged: by its %s",
  async (by) => {
    const project = (name: string) => ({
      [`apps/${name}/project.json`]: JSON.stringify({
        name,
        projectType: "application",
        targets: {
          build: {
            executor: "@nx/webpack:webpack",
            options: { outputPath: `dist/apps/${name}`, main: `apps/${name}/src/main.ts` },
          },
        },
      }),
      [`apps/${name}/src/main.ts`]: "import express from 'express';\nexpress().listen(process.env.port || 3333);\n",
    });
    const dir = writeFiles(temporaryDir(), {
      "package.json": '{"dependencies":{"express":"^4.18.1"},"devDependencies":{"nx":"^20.0.0"}}',
      "nx.json": "{}",
      ...project("api"),
      ...project("admin"),
    });
    const source = openSource(by === "directory" ? join(dir, "apps/api") : dir);
    const options = by === "directory" ? {} : { workspace: "api" };
    const made = plan({ source, options, nodeBases: TEST_BASES });
    const { files, ...place } = gatePlace(source, made);
    const findings = await lintGate(
      place.source,
      { profile: "gke", ...place, handlesSigterm: true, emit: () => {}, signal: new AbortController().signal },
      files,
    );
    const own = findings.filter(({ rule }) => rule === "KS001").map(({ location }) => location.file);
    expect(own).toEqual([by === "directory" ? "src/main.ts" : "apps/api/src/main.ts"]);
  },
);

test("a server that takes its host from a variable which the image sets is reached", async () => {
  const dir = writeFiles(temporaryDir(), {
    "package.json": '{"scripts":{"start":"fastify start app.js"}}',
    "app.js": "module.exports = async () => {};",
  });
  const asked = (env: Record<string, string>, reachedOnPort = false) =>
    lintGate(openSource(dir), {
      profile: "gke",
      env,
      handlesSigterm: true,
      reachedOnPort,
      emit: () => {},
      signal: new AbortController().signal,
    });
  await expect(asked({})).rejects.toMatchObject({ code: "CONTRACT_BROKEN" });
  await expect(asked({ FASTIFY_ADDRESS: "127.0.0.1" })).rejects.toMatchObject({ code: "CONTRACT_BROKEN" });
  await expect(asked({ FASTIFY_ADDRESS: "0.0.0.0" })).resolves.toBeDefined();
  // Nor does it matter where knbuild's own listener hands it what comes to PORT.
  expect((await asked({}, true)).map(({ rule }) => rule)).not.toContain("KS002");
});

const listens = (port: string) => `require("node:http").createServer((q, r) => r.end()).listen(${port});\n`;
const MONOREPO = {
  "package.json": '{"workspaces":["apps/*","packages/*"],"dependencies":{"everywhere":"*"}}',
  "apps/api/package.json": '{"name":"api","main":"src/esm/main.js","dependencies":{"server":"*"}}',
  "apps/api/src/esm/package.json": '{"type":"module"}',
  "apps/api/src/esm/main.js": 'import "server";\n',
  "apps/web/package.json": '{"name":"web","scripts":{"start":"node main.js"}}',
  "apps/web/main.js": listens("process.env.PORT"),
  "packages/server/package.json": '{"name":"server","dependencies":{"deep":"*"}}',
  "packages/server/index.js": 'require("deep");\n',
  "packages/deep/package.json": '{"name":"deep"}',
  "packages/everywhere/package.json": '{"name":"everywhere"}',
  "packages/deep/index.js": listens("3000"),
  "packages/other/package.json": '{"name":"other"}',
  "packages/other/index.js": listens("4000"),
};

test("of a monorepo a member is judged with the packages that it depends on, not with its neighbours", async () => {
  const dir = writeFiles(temporaryDir(), MONOREPO);
  const source = openSource(dir);
  const files = filesOfMember(sourceFilesOf(source), "apps/api");
  expect(await files.files()).toEqual([
    "apps/api/package.json",
    "apps/api/src/esm/main.js",
    "apps/api/src/esm/package.json",
    "package.json",
    "packages/deep/index.js",
    "packages/deep/package.json",
    "packages/everywhere/package.json",
    "packages/server/index.js",
    "packages/server/package.json",
  ]);
  const options = {
    profile: "gke",
    handlesSigterm: true,
    emit: () => {},
    signal: new AbortController().signal,
  } as const;
  const ports = (await lintGate(source, options, files)).filter(({ rule }) => rule === "KS001");
  expect(ports.map(({ location }) => location.file)).toEqual(["packages/deep/index.js"]);
});

test("a member that is built from its own directory is judged with the packages that it depends on", async () => {
  const dir = writeFiles(temporaryDir(), MONOREPO);
  const own = openSource(join(dir, "apps/api"));
  const { source, files, member } = gatePlace(own, plan({ source: own, nodeBases: TEST_BASES }));
  const ports = async (...bundled: string[]) =>
    (
      await lintGate(
        source,
        {
          profile: "gke",
          entry: "src/esm/main.js",
          member,
          handlesSigterm: true,
          bundled: Promise.resolve(["src/esm/main.js", ...bundled]),
          emit: () => {},
          signal: new AbortController().signal,
        },
        files,
      )
    )
      .filter(({ rule }) => rule === "KS001")
      .map(({ location }) => location.file);
  expect(await ports("../../packages/deep/index.js")).toEqual(["../../packages/deep/index.js"]);
  expect(await ports()).toEqual([]);
});

describe("the bundle decides what is judged", () => {
  test("a file that the text imports and the bundle does not hold is not judged", async () => {
    const files = {
      "server.js": [...SERVER, 'if (false) require("./local.js");'].join("\n"),
      "local.js": LOCAL,
    };
    expect(await gate(files)).toEqual({ sources: ["server.js"], told: [], rules: [] });
  });

  test("the same file in the bundle stops the build", async () => {
    const files = { "server.js": [...SERVER, 'require("./local.js");'].join("\n"), "local.js": LOCAL };
    const { sources, stopped } = await gate(files);
    expect(sources).toEqual(["local.js", "server.js"]);
    expect(stopped).toBe("CONTRACT_BROKEN");
  });

  test("a bundle of built files leaves the sources judged as they were", async () => {
    const dir = writeFiles(temporaryDir(), {
      "package.json": '{"name":"app","scripts":{"start":"node dist/server.js"}}',
      "src/server.ts": 'import https from "node:https";\nhttps.createServer({}, () => {}).listen(8443);\n',
    });
    await expect(
      lintGate(openSource(dir), {
        profile: "gke",
        entry: "dist/server.js",
        handlesSigterm: true,
        bundled: Promise.resolve(["dist/server.js"]),
        emit: () => {},
        signal: new AbortController().signal,
      }),
    ).rejects.toMatchObject({ code: "CONTRACT_BROKEN" });
  });
});
