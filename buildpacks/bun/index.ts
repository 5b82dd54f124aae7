/** Bun: programs that only Bun runs. Known, and built by a Dockerfile. */
import { type Detection, defineBuildpack, type Source } from "../../src/sdk.ts";

export default defineBuildpack({
  id: "bun",
  summary: "Bun: programs that only Bun runs.",
  detect,
});

function detect(source: Source): Detection | null {
  const locked = ["bun.lock", "bun.lockb", "bunfig.toml"].filter((file) => source.isFile(file));
  const entry =
    ["index.ts", "src/index.ts", "server.ts", "src/server.ts", "index.js"].find((file) => source.isFile(file)) ?? null;
  const native = entry !== null && /\bBun\.serve\b|from ["']bun(?::[a-z]+)?["']/.test(source.read(entry) ?? "");
  // With a lock file alone Node runs it as well: that is the Node buildpack's.
  if (!native) return null;
  return {
    score: 93,
    evidence: [...locked, `${entry}: Bun's own interfaces`],
    language: "bun",
    runtimeVersion: source.read(".bun-version")?.trim() ?? null,
    packageManager: "bun",
    framework: null,
    entrypoint: entry,
  };
}
