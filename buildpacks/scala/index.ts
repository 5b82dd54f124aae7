/** Scala with sbt. Known, and built by a Dockerfile. */
import { type Detection, defineBuildpack, jvmVersion, type Source } from "../../src/sdk.ts";

export default defineBuildpack({
  id: "scala",
  summary: "Scala with sbt.",
  what: "a Scala program",
  detect,
});

const FRAMEWORKS: readonly [name: string, pattern: RegExp][] = [
  ["play", /PlayScala|PlayJava|PlayService|(?:com\.typesafe\.play|org\.playframework)"\s*%\s*"sbt-plugin/],
  ["http4s", /http4s/],
  ["akka-http", /akka-http/],
  ["pekko-http", /pekko-http/],
  ["zio-http", /zio-http/],
  ["scalatra", /scalatra/],
  ["finatra", /finatra/],
  ["finagle", /finagle|twitter-server/],
  ["cask", /"cask"/],
  ["vertx", /vertx/],
];

function detect(source: Source): Detection | null {
  const build = source.read("build.sbt");
  if (build === undefined) return null;
  const plugins = source
    .glob("project/*.sbt")
    .map((file) => source.read(file) ?? "")
    .join("\n");
  const framework = FRAMEWORKS.find(([, pattern]) => pattern.test(`${build}\n${plugins}`))?.[0] ?? null;
  return {
    score: framework ? 88 : 60,
    evidence: ["build.sbt", ...(framework ? [`build.sbt: ${framework}`] : [])],
    language: "scala",
    runtimeVersion: jvmVersion(source, build) ?? null,
    packageManager: "sbt",
    framework,
    entrypoint: null,
  };
}
