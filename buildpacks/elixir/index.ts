/** Elixir: Phoenix and Plug. Known, and built by a Dockerfile. */
import { type Detection, defineBuildpack, type Source } from "../../src/sdk.ts";

export default defineBuildpack({
  id: "elixir",
  summary: "Elixir: Phoenix and Plug.",
  detect,
});

function detect(source: Source): Detection | null {
  const mix = source.read("mix.exs");
  if (mix === undefined) return null;
  const framework = /:phoenix\b/.test(mix) ? "phoenix" : /:(?:plug_cowboy|bandit)\b/.test(mix) ? "plug" : null;
  return {
    score: framework ? 88 : 60,
    evidence: ["mix.exs", ...(framework ? [`mix.exs: ${framework}`] : [])],
    language: "elixir",
    runtimeVersion: /elixir:\s*"[^"\d]*([\d.]+)/.exec(mix)?.[1] ?? null,
    packageManager: "mix",
    framework,
    entrypoint: /app:\s*:(\w+)/.exec(mix)?.[1] ?? null,
  };
}
