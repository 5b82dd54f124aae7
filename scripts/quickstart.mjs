// `npm run quickstart`: from a fresh checkout to a running image. Installs, builds knbuild, builds examples/express-js on the
// assembled base, starts it, asks it, stops it, and says what came out.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const cli = join(root, "dist/cli.js");
const example = join("examples", "express-js");

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19))
  fail(`Node 20.19 or newer is needed; this is ${process.versions.node}.`);

if (!existsSync(join(root, "node_modules/esbuild"))) {
  say("Install");
  run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
}
say("Build knbuild");
run(process.execPath, ["scripts/build.mjs", "--no-types"]);

say(`knbuild ${example}`);
run(process.execPath, [cli, "build", example]);

const doctor = JSON.parse(
  spawnSync(process.execPath, [cli, "doctor", "--json"], { cwd: root, encoding: "utf8" }).stdout || "{}",
);
const sandboxes = doctor.sections?.find(({ title }) => title === "Start images")?.lines ?? [];
if (!sandboxes.some(({ ok }) => ok)) {
  console.log("\nThe image is built and lies in knbuild's store. Nothing on this machine can start it:");
  for (const { name, reason, hint } of sandboxes) console.log(`  ${name}: ${reason}. ${hint}`);
  console.log(
    "Install one of them (Debian, Ubuntu: apt install bubblewrap; macOS, Windows: Docker or Podman) and call this again.",
  );
  process.exit(1);
}

say(`knbuild run ${example}`);
const app = spawn(process.execPath, [cli, "run", example], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
app.stdout.setEncoding("utf8");
let asked = false;
let output = "";
app.stdout.on("data", async (text) => {
  process.stdout.write(text);
  output += text;
  const url = /^(http:\/\/\S+)$/m.exec(output)?.[1];
  if (!url || asked) return;
  asked = true;
  try {
    const response = await fetch(`${url}/?name=world`, { headers: { connection: "close" } });
    console.log(`\n$ curl ${url}/?name=world\n${response.status} ${await response.text()}\n`);
  } finally {
    app.kill("SIGINT");
  }
});
const code = await new Promise((resolve) => app.once("exit", (exitCode) => resolve(exitCode ?? 1)));
if (code !== 0 || !asked) fail(`knbuild run ended with ${code}.`);

say("Next");
console.log(
  "node dist/cli.js --help     every command\nnode dist/cli.js doctor     what this machine has\nnpm test                    the whole suite",
);

function say(title) {
  console.log(`\n── ${title}`);
}

function run(program, args) {
  const result = spawnSync(program, args, {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32" && program === "npm",
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
