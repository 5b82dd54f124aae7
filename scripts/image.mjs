// Builds knbuild's own builder image (examples/builder-image) with knbuild: `npm run image -- -t registry.example/tools/knbuild:v1 --push`.
// Whatever comes after is passed to `knbuild build`.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const work = mkdtempSync(join(tmpdir(), "knbuild-image-"));
const dist = mkdtempSync(join(root, "dist-image-"));

function run(program, args, cwd) {
  const result = spawnSync(program, args, { cwd, stdio: ["ignore", "inherit", "inherit"] });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

function must(program, args, cwd) {
  const status = run(program, args, cwd);
  if (status !== 0) throw new Error(`${program} ${args[0]} failed (${status})`);
}

try {
  // The package as npm would publish it, from a build of its own: dist/ stays as it is.
  must(process.execPath, ["scripts/build.mjs", "--no-types", "--out", basename(dist)], root);
  const packed = join(work, "knbuild");
  for (const name of ["package.json", "LICENSE", "templates"])
    cpSync(join(root, name), join(packed, name), { recursive: true });
  cpSync(dist, join(packed, "dist"), { recursive: true });
  const app = join(work, "app");
  cpSync(join(root, "examples/builder-image"), app, { recursive: true });
  must("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", work], packed);
  const { version } = JSON.parse(
    spawnSync("node", ["-p", "JSON.stringify(require('./package.json'))"], { cwd: packed, encoding: "utf8" }).stdout,
  );
  renameSync(join(work, `knbuild-${version}.tgz`), join(app, "knbuild.tgz"));
  must(
    "npm",
    ["install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
    app,
  );
  // It is a tool, not a service: the contract for services does not apply.
  process.exitCode = run(
    process.execPath,
    [join(dist, "cli.js"), "build", app, "--no-lint", ...process.argv.slice(2)],
    process.cwd(),
  );
} finally {
  rmSync(dist, { recursive: true, force: true });
  rmSync(work, { recursive: true, force: true });
}
