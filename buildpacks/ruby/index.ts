/** Ruby: Rails, Sinatra and other Rack apps. Known, and built by a Dockerfile. */
import { type Detection, defineBuildpack, type Source, toolVersion } from "../../src/sdk.ts";

export default defineBuildpack({
  id: "ruby",
  summary: "Ruby: Rails, Sinatra and other Rack apps.",
  what: "a Ruby program",
  detect,
});

const FRAMEWORKS = ["rails", "sinatra", "hanami", "roda", "grape", "padrino", "cuba", "camping"];

function detect(source: Source): Detection | null {
  const gems = source.read("Gemfile");
  const rackup = source.isFile("config.ru");
  if (gems === undefined && !rackup) return null;
  const framework =
    FRAMEWORKS.find((name) => new RegExp(`^\\s*gem\\s*\\(?\\s*["']${name}["']`, "m").test(gems ?? "")) ??
    (source.isFile("bin/rails") && source.isFile("config/application.rb") ? "rails" : rackup ? "rack" : null);
  const entry =
    ["config.ru", "app.rb", "server.rb", "main.rb", "web.rb", "application.rb"].find((file) => source.isFile(file)) ??
    // Named after the project: the file that asks for the framework.
    source.glob("*.rb").find((file) => /^\s*require\s+["']sinatra(?:\/base)?["']/m.test(source.read(file) ?? "")) ??
    null;
  const locked = /^RUBY VERSION\s+ruby (\d+\.\d+\.\d+)/m.exec(source.read("Gemfile.lock") ?? "")?.[1];
  return {
    score: framework && entry ? 88 : framework ? 75 : 45,
    evidence: [
      ...(gems === undefined ? [] : ["Gemfile"]),
      ...(framework ? [`framework ${framework}`] : []),
      ...(entry ? [`${entry} is there`] : []),
    ],
    language: "ruby",
    runtimeVersion:
      /^(?:ruby-)?(\d[\w.]*)/.exec(source.read(".ruby-version")?.trim() ?? "")?.[1] ??
      /^\s*ruby\s*\(?\s*["']([^"']+)/m.exec(gems ?? "")?.[1] ??
      toolVersion(source, "ruby") ??
      locked ??
      null,
    packageManager: "bundler",
    framework,
    entrypoint: entry,
  };
}
