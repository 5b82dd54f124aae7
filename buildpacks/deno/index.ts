/** Deno. Known, and built by a Dockerfile. */
import { type Detection, defineBuildpack, type Source, toolVersion } from "../../src/sdk.ts";

export default defineBuildpack({
  id: "deno",
  summary: "Deno.",
  what: "a Deno program",
  detect,
});

const NAMES = [
  "main",
  "server",
  "app",
  "mod",
  "index",
  "src/main",
  "src/server",
  "src/index",
  "src/app",
  "serve",
].flatMap((name) => ["ts", "tsx", "js"].map((type) => `${name}.${type}`));
const SERVES =
  /\bDeno\.(?:serve|listen)\b|from ["'](?:jsr:|https:\/\/deno\.land|npm:(?:hono|express|oak))|\bexport default\b[\s\S]*\bfetch\b/;

function detect(source: Source): Detection | null {
  const manifest = ["deno.json", "deno.jsonc"].find((file) => source.isFile(file));
  const locked = source.isFile("deno.lock");
  const settings = manifest === undefined ? "" : (source.read(manifest) ?? "");
  const imports = /"importMap"\s*:\s*"\.?\/?([^"]+)"/.exec(settings)?.[1];
  const fresh = `${settings}${imports === undefined ? "" : (source.read(imports) ?? "")}`;
  const framework = /["'](?:\$?fresh\/?)["']\s*:|@fresh\/core/.test(fresh)
    ? "fresh"
    : /@oak\/oak|\/x\/oak/.test(fresh)
      ? "oak"
      : /\bhono\b/.test(fresh)
        ? "hono"
        : null;
  const there = NAMES.filter((file) => source.isFile(file));
  const task =
    /"(?:start|serve|preview|prod)"\s*:\s*"[^"]*?\bdeno\s+(?:run|serve)\b[^"]*?\s(?:\.\/)?([\w./-]+\.[jt]sx?)\b/.exec(
      settings,
    )?.[1];
  const serving = there.find((file) => /\bDeno\.(?:serve|listen)\b/.test(source.script(file)));
  const entry =
    (task !== undefined && !/^dev\./.test(task) && source.isFile(task) ? task : undefined) ??
    serving ??
    there[0] ??
    null;
  const serves = entry !== null && SERVES.test(source.script(entry));
  if (manifest === undefined && !locked && !(serving !== undefined || (serves && !source.isFile("package.json"))))
    return null;
  return {
    score: serving !== undefined || framework === "fresh" || serves ? 92 : source.isFile("package.json") ? 40 : 65,
    evidence: [
      ...(manifest === undefined ? [] : [manifest]),
      ...(locked ? ["deno.lock"] : []),
      ...(serves ? [`${entry}: ${entry === serving ? "serves" : "what Deno runs"}`] : []),
    ],
    language: "deno",
    runtimeVersion:
      /^v?([\d.]+)/.exec((source.read(".deno-version") ?? source.read(".dvmrc") ?? "").trim())?.[1] ??
      toolVersion(source, "deno") ??
      null,
    packageManager: "deno",
    framework,
    entrypoint: entry,
  };
}
