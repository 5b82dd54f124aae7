/** Deno. Known, and built by a Dockerfile. */
import { type Detection, defineBuildpack, type Source } from "../../src/sdk.ts";

export default defineBuildpack({
  id: "deno",
  summary: "Deno.",
  detect,
});

function detect(source: Source): Detection | null {
  const manifest = ["deno.json", "deno.jsonc"].find((file) => source.isFile(file));
  const entry =
    ["main.ts", "server.ts", "mod.ts", "main.js", "src/main.ts"].find((file) => source.isFile(file)) ?? null;
  const serves =
    entry !== null &&
    /\bDeno\.(?:serve|listen)\b|from ["'](?:jsr:|https:\/\/deno\.land)/.test(source.read(entry) ?? "");
  if (manifest === undefined && !serves) return null;
  return {
    score: serves ? 92 : source.isFile("package.json") ? 40 : 65,
    evidence: [...(manifest === undefined ? [] : [manifest]), ...(serves ? [`${entry}: Deno.serve`] : [])],
    language: "deno",
    runtimeVersion: null,
    packageManager: "deno",
    framework: manifest !== undefined && (source.read(manifest) ?? "").includes("$fresh") ? "fresh" : null,
    entrypoint: entry,
  };
}
