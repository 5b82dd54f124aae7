/** V8's code cache: taken by the node in the image for CommonJS and ES modules, whoever runs it, and the same on every build. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BuildReport } from "../../src/pipeline/build-types.ts";
import { requireComponent } from "../support/machine.ts";
import { runApp } from "../support/running-app.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

let workshop: Workshop;
let app: string;
let report: BuildReport;
beforeAll(async () => {
  workshop = openWorkshop();
  app = bothKinds(workshop.dir("both-kinds"));
  report = await workshop.build(app);
}, 300_000);
afterAll(() => workshop.close());

/** An ES module of some size, and a package that comes along as CommonJS. */
function bothKinds(dir: string): string {
  const many = Array.from({ length: 2000 }, (_, i) => `export const f${i} = (a) => a + ${i} * a.length;`).join("\n");
  writeFileSync(join(dir, "package.json"), '{"name":"both-kinds","type":"module","dependencies":{"dep":"1.0.0"}}');
  writeFileSync(join(dir, "many.js"), many);
  writeFileSync(
    join(dir, "server.js"),
    'import { createServer } from "node:http";\nimport * as many from "./many.js";\nimport dep from "dep";\n' +
      'createServer((_, answer) => answer.end(`${dep()} ${many["f" + process.version.length]("x")}`)).listen(process.env.PORT);\n',
  );
  const dep = join(dir, "node_modules/dep");
  mkdirSync(dep, { recursive: true });
  writeFileSync(join(dep, "package.json"), '{"name":"dep","version":"1.0.0"}');
  writeFileSync(join(dep, "index.js"), "module.exports = () => 'dep';\n");
  return dir;
}

const kinds = (of: BuildReport) => of.layers.map(({ kind }) => kind);

test.each(["runc", "bubblewrap"].filter(requireComponent))("node in %s takes it", async (sandbox) => {
  expect(kinds(report)).toEqual(expect.arrayContaining(["vendor-cache", "cache"]));
  expect(report.entrypoint[2]).toMatch(/compile-cache\.cjs$/);
  for (const flags of [["--read-only"], ["--user", "12345:12345"]]) {
    const running = await runApp(workshop.knbuild.program, [
      ...[report.name, "--sandbox", sandbox, ...flags],
      ...["--env", "NODE_DEBUG_NATIVE=COMPILE_CACHE"],
    ]);
    expect(await (await fetch(running.url)).text()).toMatch(/^dep /);
    expect(await running.interrupt()).toBe(0);
    const said = running.output();
    expect(said).toMatch(/V8 code cache for ESM file:\/\/\/app\/server\.js was accepted/);
    expect(said).toMatch(/V8 code cache for CommonJS \S+@knbuild\/vendor\/index\.cjs was accepted/);
    expect(said).not.toMatch(/was rejected/);
  }
});

test("is the same when it is made again elsewhere, and none with --no-compile-cache", async () => {
  const elsewhere = join(workshop.dir("elsewhere"), "both-kinds");
  cpSync(app, elsewhere, { recursive: true });
  rmSync(join(process.env["KNBUILD_CACHE_DIR"] as string, "compile-cache"), { recursive: true });
  const again = await workshop.build(elsewhere, "--fresh");
  expect(again.layers.map(({ diffId }) => diffId)).toEqual(report.layers.map(({ diffId }) => diffId));
  const without = await workshop.build(app, "--no-compile-cache");
  expect(kinds(without).filter((kind) => /cache/.test(kind))).toEqual([]);
  expect(without.entrypoint.join(" ")).not.toContain("compile-cache");
});
