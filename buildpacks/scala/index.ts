/** Scala with sbt. Known, and built by a Dockerfile. */
import { type Detection, defineBuildpack, type Source } from "../../src/sdk.ts";

export default defineBuildpack({
  id: "scala",
  summary: "Scala with sbt.",
  detect,
});

function detect(source: Source): Detection | null {
  const build = source.read("build.sbt");
  if (build === undefined) return null;
  const framework = /play\.sbt|PlayScala|sbt-plugin.*play/i.test(build + (source.read("project/plugins.sbt") ?? ""))
    ? "play"
    : /http4s/.test(build)
      ? "http4s"
      : /akka-http|pekko-http/.test(build)
        ? "akka-http"
        : null;
  return {
    score: framework ? 88 : 60,
    evidence: ["build.sbt", ...(framework ? [`build.sbt: ${framework}`] : [])],
    language: "scala",
    runtimeVersion: null,
    packageManager: "sbt",
    framework,
    entrypoint: null,
  };
}
