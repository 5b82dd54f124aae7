/** Deno and Bun: one runtime, with the app's files beside it. */
import { copyLine, shellWord } from "../../dockerfile/quote.ts";
import type { TemplateValues } from "../../dockerfile/template.ts";
import type { Detection } from "../../sdk.ts";
import type { Source } from "../../source/open.ts";

export function denoValues({ entrypoint, framework }: Detection, source: Source): TemplateValues {
  const entry = entrypoint ?? "main.ts";
  const settings = ["deno.json", "deno.jsonc"].map((file) => source.read(file) ?? "").join("\n");
  const said = /"(?:start|serve|preview|prod)"\s*:\s*"(?:[^"]*&&\s*)?deno (run|serve) ([^"]*)"/.exec(settings);
  const task = said?.[2]?.split(/\s+/) ?? [];
  const at = task.findIndex((word) => !word.startsWith("-"));
  const flags = (at < 0 ? [] : task.slice(0, at)).filter((flag) => !/^--(?:watch|env|inspect|port|host)/.test(flag));
  // What a build makes is started, where the project has one.
  const builds = /"build"\s*:\s*"[^"]/.test(settings);
  const named = task[at]?.replace(/^\.\//, "");
  const made = builds && named !== undefined && !source.isFile(named);
  const main = made ? named : named !== undefined && source.isFile(named) && !/^dev\./.test(named) ? named : entry;
  // A module that only exports `fetch` is served, not run.
  const text = source.read(main) ?? "";
  const serve =
    said?.[1] === "serve" ||
    (/\bexport default\b/.test(text) && !/Deno\.serve|\.listen\(|\bstart\(/.test(text) && framework !== "fresh");
  // The lock file decides; without one none is written, by the build nor by the app.
  const lock = source.isFile("deno.lock") ? "--frozen" : "--no-lock";
  const words =
    flags.length > 0 ? flags : framework === "fresh" ? ["-A"] : ["--allow-net", "--allow-env", "--allow-read"];
  const all = [lock, ...(made ? [] : ["--cached-only"]), ...words];
  return {
    entry: main,
    lock,
    cache: made ? (source.isFile("main.ts") ? "main.ts" : entry) : main,
    build: builds && (made || framework === "fresh") ? "deno task build" : "",
    start: serve
      ? `deno serve ${all.join(" ")} --host 0.0.0.0 --port \${PORT:-8080} ${shellWord(main)}`
      : `deno run ${all.join(" ")} ${shellWord(main)}`,
  };
}

export function bunValues({ entrypoint }: Detection, source: Source): TemplateValues {
  const locks = ["bun.lock", "bun.lockb"].filter((file) => source.isFile(file));
  const manifests = ["package.json", ...locks, "bunfig.toml"].filter((file) => source.isFile(file));
  return {
    entry: entrypoint ?? "index.ts",
    manifests: source.isFile("package.json") ? manifests.join(" ") : "",
    // Members of a workspace take part in the installation.
    members: source
      .glob("*/*/package.json")
      .filter((path) => /"workspaces"/.test(source.read("package.json") ?? "") && !path.includes("node_modules/"))
      .map((path) => copyLine([path], `./${path.slice(0, -"package.json".length)}`))
      .join("\n"),
    frozen: locks.length > 0 ? " --frozen-lockfile" : "",
  };
}
