/** Ruby: Rails, Sinatra and other Rack apps. Known, and built by a Dockerfile. */
import { type Detection, defineBuildpack, type Source } from "../../src/sdk.ts";

export default defineBuildpack({
  id: "ruby",
  summary: "Ruby: Rails, Sinatra and other Rack apps.",
  detect,
});

function detect(source: Source): Detection | null {
  const gems = source.read("Gemfile");
  if (gems === undefined && !source.isFile("config.ru")) return null;
  const framework = /gem ["']rails["']/.test(gems ?? "")
    ? "rails"
    : /gem ["']sinatra["']/.test(gems ?? "")
      ? "sinatra"
      : source.isFile("config.ru")
        ? "rack"
        : null;
  const entry = ["config.ru", "app.rb", "server.rb", "main.rb"].find((file) => source.isFile(file)) ?? null;
  return {
    score: framework && entry ? 88 : framework ? 75 : 45,
    evidence: [
      ...(gems === undefined ? [] : ["Gemfile"]),
      ...(framework ? [`framework ${framework}`] : []),
      ...(entry ? [`${entry} is there`] : []),
    ],
    language: "ruby",
    runtimeVersion:
      source
        .read(".ruby-version")
        ?.trim()
        .replace(/^ruby-/, "") ??
      /^ruby ["']([^"']+)/m.exec(gems ?? "")?.[1] ??
      null,
    packageManager: "bundler",
    framework,
    entrypoint: entry,
  };
}
