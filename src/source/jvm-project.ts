/** What Java and Kotlin are detected by alike: the sources of either, the build file, and the framework that it names. */
import type { Source } from "./open.ts";

export interface JvmProject {
  /** `pom.xml`, `build.gradle` or `build.gradle.kts`. */
  build: string | undefined;
  hasJava: boolean;
  hasKotlin: boolean;
}

export function jvmProject(source: Source): JvmProject {
  return {
    build: ["pom.xml", "build.gradle", "build.gradle.kts"].find((file) => source.isFile(file)),
    hasJava: source.glob(["src/main/java/**/*.java", "*.java"]).length > 0,
    hasKotlin: source.glob(["src/main/kotlin/**/*.kt", "*.kt"]).length > 0,
  };
}

/** What a detection says of it, as the sdk's `Detection` has it. */
export function jvmDetection(source: Source, { build }: JvmProject, language: "java" | "kotlin") {
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
      `src/main/${language}`,
    ],
    language,
    runtimeVersion:
      /(?:<java\.version>|<maven\.compiler\.(?:release|source)>|JavaLanguageVersion\.of\(|jvmToolchain\()\s*(\d+)/.exec(
        text,
      )?.[1] ?? null,
    packageManager: build === undefined ? null : build === "pom.xml" ? "maven" : "gradle",
    framework,
    entrypoint: null,
  };
}
