/** The package as npm publishes it: installed in an empty directory, it builds an app. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packageRoot } from "../../src/base/package-root.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

let workshop: Workshop;
beforeAll(() => {
  workshop = openWorkshop();
});
afterAll(() => workshop.close());

test("npm pack, npm install, npx knbuild", () => {
  const root = packageRoot();
  const run = (command: string, args: string[], cwd: string) =>
    execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  // dist/ is what `npm run build` (without it, `npm test`) has made of this tree.
  const packed = workshop.dir("packed");
  run("npm", ["pack", "--ignore-scripts", "--pack-destination", packed], root);
  const [archive] = readdirSync(packed);
  const listed = run("tar", ["-tzf", join(packed, archive as string)], packed).split("\n");
  expect(listed.filter((path) => /(^|\/)(src|test|examples|bench)\//.test(path) && !path.includes("dist/"))).toEqual(
    [],
  );

  const user = workshop.dir("user");
  writeFileSync(join(user, "package.json"), '{"private": true}');
  run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", join(packed, archive as string)], user);
  expect(run("npx", ["--no-install", "knbuild", "--version"], user)).toMatch(/^\d+\.\d+\.\d+/);
  mkdirSync(join(user, "app"));
  writeFileSync(
    join(user, "app", "server.js"),
    'require("node:http").createServer((q, s) => s.end("hi")).listen(process.env.PORT || 8080);\n',
  );
  const report = JSON.parse(run("npx", ["--no-install", "knbuild", "app", "--json"], user));
  expect(report.digest).toMatch(/^sha256:/);
  writeFileSync(
    join(user, "use.mjs"),
    'import { build } from "knbuild";\nconst report = await build({ dir: "app" });\nconsole.log(report.digest, report.unchanged);\n',
  );
  expect(run(process.execPath, ["use.mjs"], user)).toContain(report.digest);
}, 300_000);
