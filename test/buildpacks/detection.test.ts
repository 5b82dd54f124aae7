import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { KnbuildError } from "../../src/base/errors.ts";
import { detect } from "../../src/pipeline/detect.ts";
import { plan } from "../../src/pipeline/plan.ts";
import { mayBeReachedOnPort } from "../../src/plan/listen-on-port.ts";
import type { Plan } from "../../src/plan/types.ts";
import { openSource } from "../../src/source/open.ts";
import { DETECTION_CASES, NEST_MONOREPO } from "./detection-cases.ts";
import { TEST_BASES } from "./node-bases.ts";
import { nodeDoc } from "./node-doc.ts";
import { withSkeleton } from "./skeleton.ts";

it("has at least 60 skeletons, each with its own name", () => {
  expect(DETECTION_CASES.length).toBeGreaterThanOrEqual(60);
  expect(new Set(DETECTION_CASES.map(({ name }) => name)).size).toBe(DETECTION_CASES.length);
});

it.each(DETECTION_CASES.map((test) => [test.name, test] as const))("%s", (_name, test) =>
  withSkeleton(test.files, (root) => {
    const source = openSource(root);
    const report = detect(source);
    expect(report.selected).toBe(test.selected);
    const found = report.candidates.find(({ buildpack }) => buildpack === test.selected);
    for (const key of ["framework", "packageManager", "runtimeVersion", "entrypoint"] as const) {
      if (test[key] !== undefined) expect(found?.[key], key).toBe(test[key]);
    }
    if (found) expect(found.evidence.length).toBeGreaterThan(0);
    const make = () => plan({ source, nodeBases: TEST_BASES });
    if (test.error !== undefined) {
      const error = errorOf(make);
      expect(error?.code).toBe(test.error);
      if (test.says !== undefined) expect(error?.detail?.endsWith(test.says), error?.detail).toBe(true);
      return;
    }
    const made = make();
    if (test.starts !== undefined) expect(made.entrypoint.argv.slice(1).join(" ")).toBe(test.starts);
    if (test.warns !== undefined) expect(made.warnings.map(({ code }) => code)).toEqual(test.warns);
    if (test.because !== undefined) expect(made.evidence).toContain(test.because);
    if (test.steps !== undefined) expect(stepsOf(made)).toBe(test.steps);
    if (test.site !== undefined)
      expect(made.steps.find(({ type }) => type === "copy")).toMatchObject({ from: test.site });
    if (test.base !== undefined) expect(made.base.ref).toBe(test.base);
    expect(made.entrypoint.argv[0]).toBe("node");
    expect(made.config.user).toMatch(/^\d+:\d+$/);
    expect(Object.keys(made.config.env)).not.toContain("PORT");
    expect(made.evidence.length).toBeGreaterThan(0);
  }),
);

it.each([
  ["options alone", "tunnel --port 3000 --name=x", [{ name: "@acme/tunnel", from: "." }]],
  ["a word that is no file", "tunnel --port 3000 serve", [{ name: "@acme/tunnel", from: "." }]],
  ["a file, which it may load", "tunnel --port 3000 lib/app", undefined],
  ["a script that does not listen", "tunnel job.mjs", [{ name: "@acme/tunnel", from: "." }]],
  ["a script that listens", "tunnel ./run/web.mjs", undefined],
])("a package's program with %s is looked at when it is installed, or not", (_name, start, undecided) => {
  const files = {
    "package.json": { scripts: { start }, dependencies: { "@acme/tunnel": "1.0.0" } },
    "job.mjs": "console.log(1);\n",
    "run/web.mjs": "import http from 'node:http';\nhttp.createServer().listen(1);\n",
  };
  return withSkeleton(files, (root) => {
    const { entrypoint } = plan({ source: openSource(root), nodeBases: TEST_BASES });
    expect([entrypoint.tool, entrypoint.undecided]).toEqual(["tunnel", undecided]);
  });
});

const NX_API = {
  "package.json": { dependencies: { nx: "21" } },
  "nx.json": {},
  "apps/api/project.json": {
    name: "api",
    projectType: "application",
    targets: {
      build: { executor: "@nx/esbuild:esbuild", options: { outputPath: "dist/api", main: "apps/api/src/main.ts" } },
    },
  },
  "apps/api/src/main.ts": 'readFileSync(join("libs/model/src", "a.graphql"));\nserve({ port: 4000 });',
  "libs/model/src/a.graphql": "type A",
};

it.each([
  ["NestJS", { "package.json": { dependencies: { "@nestjs/core": "11" } }, "nest-cli.json": {} }],
  ["Nx", NX_API],
])("a program of the app's own that %s only compiled may be reached on PORT", (_name, files) =>
  withSkeleton(files, (root) => {
    const made = plan({ source: openSource(root), nodeBases: TEST_BASES });
    expect(mayBeReachedOnPort(made)).toBe(true);
  }),
);

it("what an Nx program reads by its path from the workspace's root is shipped", () =>
  withSkeleton(NX_API, (root) => {
    const step = plan({ source: openSource(root), nodeBases: TEST_BASES }).steps.find(({ type }) => type === "bundle");
    expect(step).toMatchObject({ include: ["dist/api/**", "package.json", "libs/model/src/**"] });
  }));

it("what a package's program is handed by name and its own settings are shipped", () =>
  withSkeleton(
    {
      "package.json": {
        scripts: { start: "mock-it app.log --dir=test/mocks *.md . ../x --base=/ -p 80" },
        dependencies: { "mock-it": "1" },
      },
      "app.log": "one",
      "test/mocks/a.json": {},
      ".mock-itrc": "{}",
      "mock-it.config.js": "",
      "other.config.js": "",
    },
    (root) => {
      const step = plan({ source: openSource(root), nodeBases: TEST_BASES }).steps.find(
        ({ type }) => type === "bundle",
      );
      expect(step).toMatchObject({ include: ["app.log", "test/mocks/**", ".mock-itrc", "mock-it.config.js"] });
    },
  ));

it.each([
  "env-cmd -f ./conf/prod.env node server.js",
  "node --env-file=conf/prod.env server.js",
  "node --env-file-if-exists conf/prod.env server.js",
  "dotenv -e 'conf/prod.env' -- node server.js",
  "dotenv -e .env.local -e conf/prod.env -- node server.js -e notes.env",
  "dotenvx run -f conf/prod.env -- node server.js",
])("variables that stay out of the image with their file are told: %s", (start) =>
  withSkeleton(
    {
      "package.json": { scripts: { start } },
      "server.js": "require('http').createServer().listen(process.env.PORT);\n",
      "conf/prod.env": "# one\nGREETING=secret-hello\nexport TOKEN = x\n",
    },
    (root) => {
      const { warnings } = plan({ source: openSource(root), nodeBases: TEST_BASES });
      expect(warnings.map(({ code, message }) => [code, message.replace("./", "")])).toEqual([
        [
          "ENV_FILE_LEFT_OUT",
          "package.json scripts.start reads conf/prod.env, which stays out of the image: GREETING, TOKEN",
        ],
      ]);
    },
  ),
);

it("a site is looked for where the build script moves it", () =>
  withSkeleton(
    {
      "package.json": {
        scripts: { build: "rm -rf _static; react-scripts build && mv build _static" },
        dependencies: { "react-scripts": "5.0.1" },
      },
      "public/index.html": "<div id=root></div>",
      "src/index.js": "document.body;",
    },
    (root) => {
      const step = plan({ source: openSource(root), nodeBases: TEST_BASES }).steps.find(
        ({ type }) => type === "host-command",
      );
      const places = step?.type === "host-command" ? step.site?.places : undefined;
      expect(places?.[0]).toBe("build");
      expect(places).toContain("_static");
    },
  ));

it.each([
  ["by name", "", { workspace: "admin" }],
  ["by its directory, from the root", "", { workspace: "apps/admin" }],
  ["as the directory that is built", "apps/admin", {}],
])("a project of a NestJS monorepo, %s", (_how, at, options) =>
  withSkeleton(NEST_MONOREPO, (root) => {
    const source = openSource(join(root, at));
    expect(detect(source, options).candidates[0]?.evidence).toContain("project admin of a NestJS monorepo");
    const made = plan({ source, options, nodeBases: TEST_BASES });
    expect(made.name).toBe("admin");
    expect(made.entrypoint.argv.at(-1)).toBe("dist/apps/admin/main.js");
    expect(made.steps.find(({ type }) => type === "host-command")).toMatchObject({ argv: ["nest", "build", "admin"] });
  }),
);

it("pages that esbuild's server shows are built by what its start script says, and served", () =>
  withSkeleton(
    {
      "package.json": {
        scripts: { start: "esbuild src/a.js --bundle --watch --outdir=www/js --servedir=www --serve=0.0.0.0:80" },
        devDependencies: { esbuild: "1" },
      },
      "src/a.js": "document.body.append('hello');",
      "www/index.html": "<script src=js/a.js></script>",
    },
    (root) => {
      const { steps } = plan({ source: openSource(root), nodeBases: TEST_BASES });
      expect(steps.map(({ type }) => type)).toEqual(["install", "host-command", "runtime-file", "copy"]);
      expect(steps[1]).toMatchObject({ argv: ["esbuild", "src/a.js", "--bundle", "--outdir=www/js"] });
      expect(steps[3]).toMatchObject({ from: "www" });
    },
  ));

const PAGE_MEMBER = {
  "package.json": { private: true, workspaces: ["packages/*"], scripts: { start: "node packages/api/index.js" } },
  "packages/api/index.js": "require('http').createServer().listen(process.env.PORT);",
  "packages/api/package.json": { name: "@acme/api" },
  "packages/web/package.json": { name: "@acme/web", dependencies: { "@acme/api": "*" } },
  "packages/web/app.js": "document.body.append('hello');",
  "packages/web/public/index.html": "<script src=../app.js></script>",
};

it.each([
  ["a page as it lies, which needs no packages", {}, "runtime-file copy"],
  ["a server that has a page", { "packages/web/app.js": PAGE_MEMBER["packages/api/index.js"] }, "install bundle"],
])("a member that is named: %s", (_what, files, steps) =>
  withSkeleton({ ...PAGE_MEMBER, ...files }, (root) => {
    const source = openSource(root);
    const made = plan({ source, options: { workspace: "@acme/web" }, nodeBases: TEST_BASES });
    expect(made.member).toBe("packages/web");
    expect(made.steps.map(({ type }) => type).join(" ")).toBe(steps);
    const copied = made.steps.flatMap((step) => (step.type === "copy" ? [step.from] : []));
    expect(copied).toEqual(steps.includes("copy") ? ["public"] : []);
  }),
);

it.each([
  ["a workspace of libraries", { workspaces: ["packages/*"] }, null],
  ["a library", { name: "lib", main: "lib.js", types: "lib.d.ts" }, null],
  ["a project that nobody installs", { name: "site", private: true }, "static"],
])("what lies in docs/ of %s", (_what, manifest, selected) =>
  withSkeleton(
    {
      "package.json": manifest,
      "packages/a/package.json": { name: "a", main: "index.js" },
      "lib.js": "module.exports = () => 1;",
      "docs/index.html": "<h1>about it</h1>",
    },
    (root) => {
      const isSite = detect(openSource(root)).candidates.some(({ buildpack }) => buildpack === "static");
      expect(isSite ? "static" : null).toBe(selected);
    },
  ),
);

it("a workspace of another name: the projects that a NestJS monorepo has", () =>
  withSkeleton(NEST_MONOREPO, (root) => {
    const error = errorOf(() =>
      plan({ source: openSource(root), options: { workspace: "web" }, nodeBases: TEST_BASES }),
    );
    expect(error).toMatchObject({ code: "WORKSPACE_UNKNOWN", hint: "There are: api, admin, mails." });
  }));

it("a start script that runs in a member which is not there", () =>
  withSkeleton(
    {
      "package.json": { private: true, workspaces: ["packages/*"], scripts: { start: "npm run start -w @acme/api" } },
      "packages/web/package.json": { name: "@acme/web" },
    },
    (root) => {
      const error = errorOf(() => plan({ source: openSource(root), nodeBases: TEST_BASES }));
      expect(error).toMatchObject({
        code: "WORKSPACE_UNKNOWN",
        message: 'no workspace is called "@acme/api", which package.json scripts.start names',
        hint: "There are: @acme/web.",
      });
    },
  ));

it.each([
  ["docs/.vitepress/config.js", true],
  ["docs/index.md", true],
  ["docs/list.js", false],
])("what VitePress makes a site of: %s is a page of it, %s", (file, isSite) =>
  withSkeleton(
    {
      "package.json": { scripts: { build: "vitepress build docs" }, devDependencies: { vitepress: "1" } },
      [file]: "",
    },
    (root) => {
      expect(detect(openSource(root)).candidates[0]?.framework ?? null).toBe(isSite ? "vitepress" : null);
    },
  ),
);

it("a directory that its workspace does not name, and that needs a member of it", () =>
  withSkeleton(
    {
      "pnpm-workspace.yaml": "packages:\n  - packages/*\n",
      "packages/app/package.json": { name: "@acme/app" },
      "examples/basic/package.json": { main: "index.js", dependencies: { "@acme/app": "workspace:*" } },
      "examples/basic/index.js": 'require("@acme/app").listen(3000);',
    },
    (root) => {
      const source = openSource(join(root, "examples/basic"));
      expect(errorOf(() => plan({ source, nodeBases: TEST_BASES }))).toMatchObject({
        code: "WORKSPACE_MISSING",
        message: expect.stringContaining("@acme/app as workspace:*"),
        detail: "The workspace in ../.. has the members packages/*.",
        hint: expect.stringContaining("Name examples/basic among the members there"),
      });
    },
  ));

it("a project of a NestJS monorepo that consumes a queue is no server", () =>
  withSkeleton(NEST_MONOREPO, (root) => {
    const source = openSource(join(root, "apps/mails"));
    expect(errorOf(() => plan({ source, nodeBases: TEST_BASES }))).toMatchObject({
      code: "NOT_A_SERVER",
      detail: expect.stringContaining("apps/mails/source/worker.ts"),
    });
  }));

it("a nest-cli.json above that is no JSON is nothing to an app of another language below it", () =>
  withSkeleton(
    {
      "package.json": {},
      "nest-cli.json": '{ "monorepo": tr',
      "apps/py/requirements.txt": "flask\n",
      "apps/py/app.py": "from flask import Flask\napp = Flask(__name__)\n",
    },
    (root) => expect(detect(openSource(join(root, "apps/py"))).selected).toBe("python"),
  ));

it.each<[string, string | undefined]>([
  ['app.use(express.static("dist"));', "dist/"],
  ['res.sendFile(path.join(__dirname, "..", "..", "dist", "index.html"));', "dist/"],
  ["const web = `${__dirname}/../../web/build`;\napp.use(express.static(web));", "web/build/"],
  ['app.use("/dist", express.static("public"));', undefined],
  ['// the old server served "dist"\napp.use(express.static("public"));', undefined],
  ['app.use(express.static(path.join(__dirname, "../client/dist")));', undefined],
  ['app.use(express.static(path.join(__dirname, "..", "client", "dist")));', undefined],
  ['app.use(express.static("/srv/dist"));', undefined],
])("the folder of a client that is served and that nothing makes: %s", (text, folder) =>
  withSkeleton(
    {
      "package.json": {
        scripts: { start: "node src/server/index.js", client: "vite build" },
        dependencies: { express: "4" },
      },
      "src/server/index.js": `const express = require("express");\nconst app = express();\n${text}\napp.listen(process.env.PORT);\n`,
      "src/client/dist/index.html": "<h1>there</h1>",
      "public/index.html": "<h1>there</h1>",
    },
    (root) => {
      const { warnings } = plan({ source: openSource(root), nodeBases: TEST_BASES });
      const told = warnings.find(({ code }) => code === "CLIENT_NOT_BUILT")?.message;
      expect(told && / serves (\S+),/.exec(told)?.[1]).toBe(folder);
    },
  ),
);

it.each([
  ["db.json", "development"],
  ["public/index.html", "production"],
])("json-server, which in production ends at once without a public folder, beside %s", (file, mode) =>
  withSkeleton(
    {
      "package.json": { scripts: { start: "json-server db.json" }, dependencies: { "json-server": "1.0.0-beta.3" } },
      [file]: "{}",
    },
    (root) => expect(plan({ source: openSource(root), nodeBases: TEST_BASES }).config.env["NODE_ENV"]).toBe(mode),
  ),
);

it("a workspace none of whose apps is known how to start names them, and no library", () =>
  withSkeleton(
    {
      "package.json": { workspaces: ["apps/*", "libs/*"], scripts: { start: "nx serve" } },
      "nx.json": {},
      "apps/cart/package.json": { name: "@shop/cart" },
      "apps/cart/project.json": { name: "cart", projectType: "application" },
      "apps/cart-e2e/package.json": { name: "@shop/cart-e2e" },
      "apps/cart-e2e/project.json": { name: "cart-e2e", projectType: "application" },
      "libs/money/package.json": { name: "@shop/money" },
      "libs/money/project.json": { name: "money", projectType: "library" },
    },
    (root) =>
      expect(() => plan({ source: openSource(root), nodeBases: TEST_BASES })).toThrow(
        expect.objectContaining({
          code: "ENTRYPOINT_NOT_FOUND",
          detail: "Its members:\n  apps/cart",
          hint: expect.stringContaining("knbuild apps/cart"),
        }),
      ),
  ));

it("VitePress' own name of the script, which says where its pages are", () =>
  withSkeleton(
    {
      "package.json": {
        scripts: { "docs:dev": "vitepress dev site", "docs:build": "cross-env CI=1 vitepress build site" },
        devDependencies: { vitepress: "1" },
      },
      "site/.vitepress/config.mts": "export default {};",
      "site/index.md": "# Site",
    },
    (root) => {
      const { steps } = plan({ source: openSource(root), nodeBases: TEST_BASES });
      expect(steps.find(({ type }) => type === "host-command")).toMatchObject({ argv: ["npm", "run", "docs:build"] });
      expect(steps.find(({ type }) => type === "copy")).toMatchObject({ from: "site/.vitepress/dist" });
    },
  ));

it.each<[Record<string, string>, string]>([
  [{ deploy: "vite build && gh-pages -d dist" }, "vite build"],
  [{ watch: "vite build --watch" }, "vite build"],
  [{ dev: "vite build -w & node watch.js" }, "vite build"],
  [{ publish: "vite build", postpublish: "gh-pages -d dist" }, "vite build"],
  [{ "build:dev": "vite build --mode development", "build:prod": "vite build" }, "vite build"],
  [{ site: "vite build --mode x", "build:prod": "NODE_ENV=production vite build" }, "npm run build:prod"],
  [{ bundle: "cross-env CI=1 vite build --mode production" }, "npm run bundle"],
])("a script is a site's build where it calls the generator and does nothing else: %j", (scripts, command) =>
  withSkeleton(
    { "package.json": { scripts, devDependencies: { vite: "7" } }, "index.html": "<div id=app></div>" },
    (root) => {
      const { steps } = plan({ source: openSource(root), nodeBases: TEST_BASES });
      expect(steps.find(({ type }) => type === "host-command")).toMatchObject({ argv: command.split(" ") });
    },
  ),
);

it("what has no build script is built by what makes it: Vite, or TypeScript where its meaning of an import is needed", () => {
  const commandOf = (files: Record<string, string | object>) =>
    withSkeleton(files, (root) =>
      plan({ source: openSource(root), nodeBases: TEST_BASES }).steps.find(({ type }) => type === "host-command"),
    );
  return Promise.all([
    expect(
      commandOf({
        "package.json": { type: "module", devDependencies: { vite: "8", "@hono/vite-build": "1" } },
        "vite.config.ts": 'import build from "@hono/vite-build/node";\nexport default { plugins: [build()] };',
      }),
    ).resolves.toMatchObject({ argv: ["vite", "build"], outputs: ["dist/index.js"] }),
    expect(
      commandOf({
        "package.json": { dependencies: { express: "4" }, devDependencies: { typescript: "5" } },
        "tsconfig.json": { compilerOptions: { outDir: "dist", rootDir: "src" } },
        "src/server.ts": 'import * as express from "express";\nexpress().listen(process.env.PORT);\n',
      }),
    ).resolves.toMatchObject({ argv: ["tsc"], outputs: ["dist/server.js"] }),
  ]);
});

it("docs/node.md is what these cases give (node scripts/node-doc.mjs writes it)", async () => {
  const written = readFileSync(new URL("../../docs/node.md", import.meta.url), "utf8");
  expect(written).toBe(await nodeDoc());
});

function errorOf(make: () => unknown): KnbuildError | undefined {
  try {
    make();
  } catch (error) {
    expect(error).toBeInstanceOf(KnbuildError);
    expect((error as KnbuildError).hint, "every error says what to do").toBeTruthy();
    return error as KnbuildError;
  }
  return undefined;
}

function stepsOf(made: Plan): string {
  return made.steps
    .map((step) =>
      step.type === "install"
        ? `install${step.dev ? "+dev" : ""}${step.program ? "+program" : ""}`
        : step.type === "bundle" && !step.enabled
          ? "bundle(off)"
          : step.type,
    )
    .join(" ");
}
