// `npm test [-- FILTER …]`: sets up what the tests need, builds, runs everything. The last line counts:
// `N passed, N failed[, N skipped]`. With CI=true nothing may be missing.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { setUpSystem } from "./setup-system.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const filters = process.argv.slice(2);
const ci = process.env.CI === "true";

const missing = setUpSystem();
if (ci && missing.length > 0) {
  console.error(`CI=true, and this machine has no ${missing.map(({ name }) => name).join(", ")}.`);
  finish({ passed: 0, failed: 1, skipped: 0 });
}
if (ci && process.getuid?.() !== 0) {
  console.error("CI=true, and the tests of containers need root.");
  finish({ passed: 0, failed: 1, skipped: 0 });
}

const built = spawnSync(process.execPath, [join(root, "scripts/build.mjs"), "--no-types"], {
  cwd: root,
  stdio: "inherit",
});
if (built.status !== 0) finish({ passed: 0, failed: 1, skipped: 0 });

const { excluded, partly } = skippedFiles(missing);
const folder = mkdtempSync(join(tmpdir(), "knbuild-test-"));
const results = join(folder, "results.json");
// What a test leaves behind goes with it. Other users start programs in there, too.
const temporary = join(folder, "tmp");
mkdirSync(temporary);
chmodSync(folder, 0o755);
chmodSync(temporary, 0o1777);
const vitest = spawnSync(
  process.execPath,
  [
    join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    ...filters,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${results}`,
    ...excluded.flatMap(({ file }) => ["--exclude", file]),
  ],
  {
    cwd: root,
    stdio: "inherit",
    env: {
      ...process.env,
      TMPDIR: temporary,
      KNBUILD_TEST_KEPT: join(tmpdir(), "knbuild-tools"),
      KNBUILD_CACHE_DIR: join(folder, "cache"),
      KNBUILD_TEST_DIST: join(root, "dist"),
    },
  },
);
let counts = { passed: 0, failed: 1, skipped: 0 };
try {
  const report = JSON.parse(readFileSync(results, "utf8"));
  // A file that cannot even be loaded has no failed test of its own.
  const broken = report.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed"),
  );
  counts = {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
} catch {
  console.error("The tests left no report.");
}
if (vitest.status !== 0 && counts.failed === 0) counts.failed = 1;
rmSync(folder, { recursive: true, force: true });
const skippedSuites = [...excluded.map(({ file, why }) => `${file} (${why})`), ...partly];
if (skippedSuites.length > 0) console.log(`Skipped on this machine: ${skippedSuites.join(", ")}`);
finish(counts);

function finish({ passed, failed, skipped }) {
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  process.exit(failed > 0 ? 1 : 0);
}

/**
 * Test files that run a missing program: left out whole, unless they ask for their components themselves
 * (test/support/machine.ts) and so skip only what needs them.
 */
function skippedFiles(components) {
  const excluded = [];
  const partly = [];
  if (process.getuid?.() !== 0) partly.push("what needs root (containers, daemons)");
  for (const file of testFiles(join(root, "test"))) {
    const text = readFileSync(join(root, file), "utf8");
    const lacks = components.filter(({ name, programs }) =>
      [name, ...programs].some((word) => text.includes(`"${word}"`)),
    );
    if (lacks.length === 0) continue;
    const why = `no ${lacks.map(({ name }) => name).join(", ")}`;
    if (text.includes("requireComponent(")) partly.push(`parts of ${file} (${why})`);
    else excluded.push({ file, why });
  }
  return { excluded, partly };
}

function testFiles(dir) {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".test.ts"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}
