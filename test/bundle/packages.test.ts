/** Popular packages, each out of a bundle that lies alone in a directory: what it says there is what it says unbundled. */
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PACKAGE_CASES } from "./package-cases.ts";
import { bundle, installedPackages, layOut, removeTemporaryDirs, temporaryDir, writeFiles } from "./place.ts";

let root: string;
let cacheDir: string;
let appsDir: string;

beforeAll(() => {
  root = installedPackages();
  cacheDir = temporaryDir();
  appsDir = join(root, "apps");
  mkdirSync(appsDir, { recursive: true });
}, 300_000);
afterAll(removeTemporaryDirs);

test.each(PACKAGE_CASES)("$name", async ({ name, call, esm, files }) => {
  const appDir = join(appsDir, name.replace("/", "+"));
  const entry = esm ? "main.mjs" : "main.cjs";
  const load = esm
    ? `import * as m from "${name}";\nconst result = await (async () => ${call})();`
    : `const m = require("${name}");\nmodule.exports = (async () => ${call})();`;
  const print = esm
    ? "console.log(JSON.stringify(result)); process.exit(0);"
    : "module.exports.then((result) => { console.log(JSON.stringify(result)); process.exit(0); });";
  writeFiles(appDir, {
    "package.json": JSON.stringify({ name: "one", dependencies: { [name]: "*" } }),
    [entry]: `${load}\n${print}\n`,
  });
  const run = (args: string[], cwd: string) =>
    execFileSync(process.execPath, args, {
      cwd,
      encoding: "utf8",
      env: { PATH: process.env["PATH"], NODE_ENV: "production" },
    });

  const imageDir = temporaryDir();
  const result = await bundle(appDir, entry, { modulesRoot: root, cacheDir, imageAppDir: join(imageDir, "app") });
  layOut(result, "/");
  expect(run([...result.nodeArgs, result.entry], result.workdir)).toBe(run([join(appDir, entry)], appDir));
  expect(result.mode).toBe("bundle");
  const external = result.external.find((e) => e.name === name);
  if (files) {
    expect(external?.reason).toMatch(files);
    expect(result.bundled.join(" ")).not.toContain(`${name}@`);
  } else {
    expect(external?.reason).toBeUndefined();
    expect(result.bundled.some((b) => b.startsWith(`${name}@`))).toBe(true);
  }
});
