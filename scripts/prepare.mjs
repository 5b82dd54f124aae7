// npm runs this after every install. A package that is installed out of its git repository (pre-commit's hooks, npx with a
// git address) has no dist/ yet and is built here; in a clone to work on, `npm run build` is up to whoever works there.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
// npm's own mark of the install that it makes in its clone.
if (process.env._PACOTE_NO_PREPARE_ && !existsSync(join(root, "dist"))) {
  // For a global install npm tells its install in the clone to be a global one too, which then fetches nothing.
  if (!existsSync(join(root, "node_modules/esbuild"))) {
    const { npm_config_global: _g, npm_config_location: _l, npm_config_prefix: _p, ...env } = process.env;
    const args = ["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    const { status } = spawnSync("npm", args, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] });
    if (status !== 0) process.exit(status ?? 1);
  }
  await import("./build.mjs");
}
