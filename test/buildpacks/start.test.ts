import { expect, it } from "vitest";
import { readBuildScript } from "../../buildpacks/node/build-script.ts";
import { databaseCommands } from "../../buildpacks/node/database-commands.ts";
import type { Manifest } from "../../buildpacks/node/manifest.ts";
import { readStart } from "../../buildpacks/node/start.ts";
import { simpleCommands } from "../../buildpacks/node/words.ts";
import { plan } from "../../src/pipeline/plan.ts";
import { openSource } from "../../src/source/open.ts";
import { TEST_BASES } from "./node-bases.ts";
import { withSkeleton } from "./skeleton.ts";

it.each([
  ["node a.js", [["node", "a.js"]]],
  ["A=1 B='x y' node \"a b.js\"", [["node", "a b.js"]]],
  ["a && b || c; d | e", [["a"], ["b"], ["c"], ["d"], ["e"]]],
  ["node a.js > out.log 2>&1 &", [["node", "a.js"]]],
  [
    "(cd x && node y)",
    [
      ["cd", "x"],
      ["node", "y"],
    ],
  ],
  ["echo it\\'s", [["echo", "it's"]]],
])("%s", (line, words) => {
  expect(simpleCommands(line).map((command) => command.words)).toEqual(words);
});

it.each<[string, Record<string, string>, object]>([
  [
    "a mark that it leaves behind",
    { start: "eggctl start --daemon && touch egg.status" },
    { kind: "tool", target: "eggctl", args: ["start", "--daemon"] },
  ],
  [
    "scripts by a pattern, the server first",
    {
      start: "run-p start:* --print-label",
      "start:server": "node dist/server/index.js",
      "start:client": "wait-port 2022 && node dist/client/index.js",
    },
    { kind: "file", target: "dist/server/index.js" },
  ],
  [
    "concurrently by name",
    { start: 'concurrently "npm:css" "npm:web"', css: "sass --watch a b", web: "node web.js" },
    { kind: "file", target: "web.js" },
  ],
  [
    "a program here comes before what is started in another folder",
    { start: 'concurrently "node index.js" "npm start --prefix client"' },
    { kind: "file", target: "index.js" },
  ],
  [
    "of what is started in other folders, what is named like a server",
    { start: 'concurrently "yarn --cwd server start" "yarn --cwd client start"' },
    { kind: "unknown", directory: "server" },
  ],
  ["a script that is not there is no program", { start: "npm run missing" }, { kind: "unknown" }],
  ["a program of another language", { start: "gunicorn app:app" }, { kind: "unknown", target: "gunicorn" }],
  [
    "node options keep their values",
    { start: "node -r ./tracing.js --import=./hooks.mjs --env-file .env --inspect=0.0.0.0:9229 srv.js a b" },
    { target: "srv.js", nodeArgs: ["-r", "./tracing.js", "--import=./hooks.mjs"], args: ["a", "b"] },
  ],
  [
    "registers that only transpile are left out",
    { start: "node -r ts-node/register -r tsconfig-paths/register src/main.ts" },
    { target: "src/main.ts", nodeArgs: [], transpiled: true },
  ],
  [
    "ts-node with its options",
    { start: "ts-node --transpile-only -P tsconfig.prod.json src/main.ts" },
    { target: "src/main.ts", transpiled: true },
  ],
  ["nodemon --exec", { start: "nodemon --watch src --ext ts --exec ts-node src/index.ts" }, { target: "src/index.ts" }],
  [
    "npx, cross-env and dotenv",
    { start: "npx cross-env-shell NODE_ENV=production dotenv -e .env.prod -- node app.js" },
    { target: "app.js", env: { NODE_ENV: "production" } },
  ],
  ["npx and a version", { start: "npx -y serve@14 -s site" }, { kind: "tool", target: "serve", fetched: "serve@14" }],
  [
    "npx and options with values",
    { start: "npx --registry https://registry.example --loglevel=warn -w api --yes serve -s site" },
    { target: "serve", args: ["-s", "site"], fetched: "serve" },
  ],
  ["pnpm dlx", { start: "pnpm dlx @acme/http@2 ." }, { target: "http", args: ["."], fetched: "@acme/http@2" }],
  ["npm exec", { start: "npm exec --package=acme -- web --x" }, { target: "web", args: ["--x"], fetched: "acme" }],
  [
    "concurrently picks what starts",
    { start: 'concurrently "npm:watch" "npm run serve"', watch: "tsc -w", serve: "node s.js" },
    { target: "s.js" },
  ],
  ["pm2-runtime", { start: "pm2-runtime start server.js -i max" }, { target: "server.js" }],
  [
    "a build before",
    { start: "npm run build && node dist/x.js", build: "tsc" },
    { target: "dist/x.js", before: ["npm run build"] },
  ],
  ["a workspace flag", { start: "npm start -w web" }, { workspace: "web" }],
  ["pnpm --filter", { start: "pnpm --filter @acme/web start" }, { workspace: "@acme/web" }],
  ["yarn workspace", { start: "yarn workspace api run start" }, { workspace: "api" }],
  ["turbo", { start: "turbo run start --filter=web..." }, { workspace: "web" }],
  ["cd", { start: "cd apps/web && npm start" }, { directory: "apps/web" }],
  ["a loop of scripts ends", { start: "npm run a", a: "npm run start" }, { kind: "unknown" }],
  ["a shell script", { start: "./run.sh" }, { kind: "unknown" }],
  ["node -e is no file", { start: "node -e 'x' && node y.js" }, { target: "y.js" }],
])("%s", (_name, scripts, expected) => {
  expect(readStart(scripts, "start")).toMatchObject(expected);
});

it("what a fetched wrapper starts is not what was fetched", () => {
  expect(readStart({ start: "npx cross-env A=1 next start" }, "start")).not.toHaveProperty("fetched");
});

const manifest = (scripts: Record<string, string>) => ({ scripts }) as Manifest;

it.each<[Record<string, string>, boolean | undefined]>([
  [{ build: "tsc" }, true],
  [{ build: "npm run clean && npm run compile", clean: "rimraf dist", compile: "tsc -p . && tsc-alias" }, true],
  [{ build: "tsc && cp -r views dist" }, false],
  [{ build: "tsc", postbuild: "copyfiles x dist" }, false],
  [{ build: "nest build" }, false],
  [{ build: "vite build" }, false],
  [{ "gcp-build": "tsc -p ." }, true],
  [{ build: "docker build ." }, undefined],
  [{ build: "echo nothing && exit 0" }, undefined],
  [{}, undefined],
])("%j only compiles: %s", (scripts, compilesOnly) => {
  expect(readBuildScript(manifest(scripts), {})?.compilesOnly).toBe(compilesOnly);
});

it.each<[string, Record<string, string>, object | undefined]>([
  [
    "what only tidies is no build",
    { start: "npm run clean && vite build && node s.js", clean: "rimraf dist" },
    { name: "", line: "vite build" },
  ],
  ["a build script that only tidies", { build: "rimraf dist", start: "webpack && node s.js" }, { line: "webpack" }],
  [
    "wrappers",
    { start: "cross-env NODE_ENV=production webpack && node s.js" },
    { line: "cross-env NODE_ENV=production webpack" },
  ],
  [
    "a runner and a wrapper",
    { start: "dotenv -e .env -- npx tsc && node s.js" },
    { line: "dotenv -e .env -- npx tsc" },
  ],
  [
    "a script by its name",
    { start: "npm run build:ts && node s.js", "build:ts": "tsc" },
    { name: "build:ts", compilesOnly: true },
  ],
  [
    "several, and none of a database",
    {
      start: "npm run css && npm run migrate && npm run js && node s.js",
      css: "sass a b",
      js: "webpack",
      migrate: "knex migrate:latest",
    },
    { name: "", line: "npm run css && npm run js" },
  ],
  ["nothing", { start: "rimraf tmp && node s.js" }, undefined],
])("the start script builds first: %s", (_name, scripts, expected) => {
  const build = readBuildScript(manifest(scripts), {}, readStart(scripts, "start")?.before);
  if (expected) expect(build).toMatchObject(expected);
  else expect(build).toBeUndefined();
});

it.each<[string, Record<string, string>, boolean]>([
  ["npm run build", { build: "tsc && cp -r src/migrations dist && cp -r seeds dist" }, false],
  ["npm run build:seed-map", { "build:seed-map": "node scripts/map.js" }, false],
  ["npx prisma migrate deploy", {}, true],
  ["prisma db push", {}, true],
  ["npm run db:migrate", {}, true],
  ["yarn prepare-data", { "prepare-data": "cross-env A=1 sequelize-cli db:seed:all" }, true],
  ["node dist/scripts/migrate.js", {}, true],
  ["tsx prisma/seed.ts", {}, true],
  ["migrate-mongo up", {}, true],
  ["directus bootstrap", {}, true],
  ["tsc -p migrations", {}, false],
  ["npm run a", { a: "npm run a" }, false],
])("%s %j changes a database: %s", (command, scripts, expected) => {
  expect(databaseCommands([command], scripts)).toEqual(expected ? [command] : []);
});

it("a program that loads the app's other files by their names: the packages of these decide whether it serves", async () => {
  const skeleton = (scripts: object, source: string) => ({
    "package.json": {
      scripts,
      dependencies: { "@example/bootstrap": "1", "@example/web": "1" },
      devDependencies: { "@example/tool": "1" },
    },
    "bootstrap.js": 'require("@example/bootstrap").run();',
    "src/configuration.ts": source,
  });
  const undecided = (files: ReturnType<typeof skeleton>) =>
    withSkeleton(files, (root) =>
      plan({ source: openSource(root), nodeBases: TEST_BASES }).entrypoint.undecided?.map(({ name }) => name),
    );
  const start = "node bootstrap.js";
  const source = 'import * as web from "@example/web";\nimport "@example/tool";\nexport const imports = [web];';
  expect(await undecided(skeleton({ start, build: "compile-it" }, source))).toEqual([
    "@example/bootstrap",
    "@example/web",
  ]);
  expect(await undecided(skeleton({ start }, source))).toEqual(["@example/bootstrap"]);
});

it("packages that the start script has node load first are installed and shipped", async () => {
  const files = {
    "package.json": {
      scripts: {
        start: "node -r source-map-support/register --import=@scope/early/hook -r ./own.js --require node:fs .",
      },
      dependencies: { "@scope/early": "1" },
      devDependencies: { "source-map-support": "1" },
      main: "main.js",
    },
    "main.js": 'require("node:http").createServer().listen(process.env.PORT);',
    "own.js": "",
  };
  await withSkeleton(files, (root) => {
    const { steps } = plan({ source: openSource(root), nodeBases: TEST_BASES });
    expect(steps.find(({ type }) => type === "install")).toMatchObject({ dev: true });
    expect(steps.find(({ type }) => type === "bundle")).toMatchObject({
      preloads: ["source-map-support", "@scope/early"],
    });
  });
});
