/** Elixir: Phoenix and Plug. Known, and built by a Dockerfile. */
import { type Detection, defineBuildpack, type Source, toolVersion } from "../../src/sdk.ts";

export default defineBuildpack({
  id: "elixir",
  summary: "Elixir: Phoenix and Plug.",
  what: "an Elixir program",
  detect,
});

function detect(source: Source): Detection | null {
  const mix = source.read("mix.exs");
  if (mix === undefined) return null;
  // An umbrella's apps name what it is made of.
  const apps = source.glob("apps/*/mix.exs").map((file) => source.read(file) ?? "");
  const all = [mix, ...apps].join("\n");
  const framework = /\{:phoenix\b/.test(all) ? "phoenix" : /\{:(?:plug_cowboy|bandit|plug)\b/.test(all) ? "plug" : null;
  return {
    score: framework ? 88 : 60,
    evidence: ["mix.exs", ...(framework ? [`mix.exs: ${framework}`] : [])],
    language: "elixir",
    runtimeVersion:
      /^elixir_version=([\d.]+)/m.exec(source.read("elixir_buildpack.config") ?? "")?.[1] ??
      toolVersion(source, "elixir") ??
      /elixir:\s*"([^"]+)"/.exec(mix)?.[1] ??
      null,
    packageManager: "mix",
    framework,
    entrypoint: /\bapp:\s*:(\w+)/.exec(mix)?.[1] ?? null,
  };
}
