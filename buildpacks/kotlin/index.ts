/** Kotlin with Gradle or Maven. Known, and built by a Dockerfile. */
import { type Detection, defineBuildpack, type Source } from "../../src/sdk.ts";

export default defineBuildpack({
  id: "kotlin",
  summary: "Kotlin with Gradle or Maven.",
  detect,
});

function detect(source: Source): Detection | null {
  const build = ["pom.xml", "build.gradle", "build.gradle.kts"].find((file) => source.isFile(file));
  const kotlin = source.glob(["src/main/kotlin/**/*.kt", "*.kt"]).length > 0;
  const java = source.glob(["src/main/java/**/*.java", "*.java"]).length > 0;
  if (!(kotlin && !java)) return null;
  const text = build === undefined ? "" : (source.read(build) ?? "");
  const framework = /spring-boot|org\.springframework\.boot/.test(text)
    ? "spring-boot"
    : /io\.quarkus/.test(text)
      ? "quarkus"
      : /io\.micronaut/.test(text)
        ? "micronaut"
        : /io\.ktor/.test(text)
          ? "ktor"
          : null;
  return {
    score: build === undefined ? 30 : framework ? 88 : 60,
    evidence: [
      ...(build === undefined ? [] : [build]),
      ...(framework ? [`${build}: ${framework}`] : []),
      "src/main/kotlin",
    ],
    language: "kotlin",
    runtimeVersion:
      /(?:<java\.version>|<maven\.compiler\.(?:release|source)>|JavaLanguageVersion\.of\(|jvmToolchain\()\s*(\d+)/.exec(
        text,
      )?.[1] ?? null,
    packageManager: build === undefined ? null : build === "pom.xml" ? "maven" : "gradle",
    framework,
    entrypoint: null,
  };
}
