/** What Java and Kotlin are detected by alike: the build file, the module whose program is started, its sources and framework. */
import type { Source } from "./open.ts";
import { toolVersion } from "./tool-versions.ts";

export interface JvmProject {
  /** Of the root: `pom.xml`, `build.gradle` or `build.gradle.kts`, or the settings of a Gradle build without either. */
  build: string | undefined;
  packageManager: "maven" | "gradle" | undefined;
  /** Directory of the module with the program: `.`, or one that the build names. */
  module: string;
  /** Text of that module's build file, and of the version catalogue that it may speak of. */
  script: string;
  java: number;
  kotlin: number;
  /** The build has modules. */
  modules: boolean;
}

const BUILDS = ["pom.xml", "build.gradle", "build.gradle.kts"];
const SETTINGS = ["settings.gradle", "settings.gradle.kts"];
/** Plug-ins and entries of a build file that make a program. */
const PROGRAM =
  /spring-boot-maven-plugin|(?:id\s*\(?\s*["']|apply plugin:\s*["'])org\.springframework\.boot["'](?!.*apply\s*\(?\s*false)|\bbootJar\b|quarkus-maven-plugin|id\s*\(?\s*["']io\.quarkus["']|io\.ktor\.plugin|io\.micronaut\.(?:minimal\.)?application|micronaut-maven-plugin|alias\(libs\.plugins\.(?:spring\.?boot|springframework\.boot|quarkus|ktor|micronaut\.application)/;
const STARTS =
  /\bapplication\b|mainClass|maven-shade-plugin|maven-assembly-plugin|shadow|<packaging>\s*war|["']war["']|\bwar\b/;

export function jvmProject(source: Source): JvmProject {
  const build = [...BUILDS, ...SETTINGS].find((file) => source.isFile(file));
  const manager = build === undefined ? undefined : build === "pom.xml" ? "maven" : "gradle";
  const below = manager === "maven" ? mavenModules(source, ".") : manager === "gradle" ? gradleModules(source) : [];
  const catalogue = source.read("gradle/libs.versions.toml") ?? "";
  const counted = [".", ...below].map((module) => measure(source, module, catalogue));
  // Of equals the one that comes first.
  const best = counted.reduce((a, b) => (b.score > a.score ? b : a));
  return {
    build,
    packageManager: manager,
    module: best.module,
    script: best.script,
    java: best.java,
    kotlin: best.kotlin,
    modules: below.length > 0,
  };
}

function measure(source: Source, module: string, catalogue: string) {
  const at = (path: string): string => (module === "." ? path : `${module}/${path}`);
  const own = BUILDS.map((file) => source.read(at(file))).find((text) => text !== undefined) ?? "";
  // In multiplatform builds the server's sources lie elsewhere.
  const java = source.glob([at("src/main/java/**/*.java"), ...(module === "." ? ["*.java", "src/*.java"] : [])]).length;
  const kotlin = source.glob([
    at("src/main/kotlin/**/*.kt"),
    at("src/jvmMain/kotlin/**/*.kt"),
    ...(module === "." ? ["*.kt", "src/*.kt"] : []),
  ]).length;
  const name = module.slice(module.lastIndexOf("/") + 1);
  const score =
    (PROGRAM.test(own) ? 6 : STARTS.test(own) ? 3 : 0) +
    (java + kotlin > 0 ? 2 : 0) +
    (/^(?:.*[-_])?(?:app|application|server|api|web|service|main|backend|rest|boot)$/i.test(name) ? 1 : 0) -
    (/test|example|sample|bench|it$|docs?$|buildSrc|client|cli$/i.test(name) ? 4 : 0);
  return { module, java, kotlin, score, script: `${own}\n${catalogue}` };
}

/** Modules of modules as well, as paths from the root. */
function mavenModules(source: Source, at: string, depth = 0): string[] {
  const path = at === "." ? "pom.xml" : `${at}/pom.xml`;
  const text = (source.read(path) ?? "").replace(/<!--[\s\S]*?-->/g, "");
  return [...text.matchAll(/<module>\s*([^<\s]+)\s*<\/module>/g)].flatMap(([, name]) => {
    const module = at === "." ? (name as string) : `${at}/${name}`;
    if (!source.isFile(`${module}/pom.xml`)) return [];
    return [module, ...(depth < 2 ? mavenModules(source, module, depth + 1) : [])];
  });
}

function gradleModules(source: Source): string[] {
  const text = SETTINGS.map((file) => source.read(file) ?? "")
    .join("\n")
    .replace(/^\s*\/\/.*$/gm, "");
  const named = [...text.matchAll(/^\s*include\b\s*\(?((?:\s*["'][^"']+["']\s*,?)+)/gm)].flatMap(([, list]) =>
    [...(list as string).matchAll(/["']:?([^"']+)["']/g)].map(([, name]) => (name as string).replaceAll(":", "/")),
  );
  return [...new Set(named)].filter((module) => BUILDS.some((file) => source.isFile(`${module}/${file}`)));
}

const FRAMEWORKS: readonly [name: string, pattern: RegExp][] = [
  ["spring-boot", /spring-boot|org\.springframework\.boot/],
  ["quarkus", /io\.quarkus/],
  ["micronaut", /io\.micronaut/],
  ["ktor", /io\.ktor/],
  ["dropwizard", /io\.dropwizard|dropwizard-core/],
  ["helidon", /io\.helidon/],
  ["vertx", /io\.vertx/],
  ["javalin", /io\.javalin/],
  ["http4k", /org\.http4k/],
  ["spark", /spark-core|com\.sparkjava/],
];

/** What a detection says of it, as the sdk's `Detection` has it. */
export function jvmDetection(source: Source, project: JvmProject, language: "java" | "kotlin") {
  const { build, module, script } = project;
  // A catalogue names what other modules use, too: it only decides where the module's own file says nothing.
  const framework = FRAMEWORKS.find(([, pattern]) => pattern.test(script))?.[0] ?? null;
  const where = build !== undefined && module !== "." ? `${module}/` : "";
  return {
    score: build === undefined ? 30 : framework ? 88 : 60,
    evidence: [
      ...(build === undefined ? [] : [build]),
      ...(where ? [`module ${module}`] : []),
      ...(framework ? [`${where || (build ?? "")}: ${framework}`] : []),
      ...(project.java + project.kotlin > 0 ? [`${where}src/main/${language}`] : []),
    ],
    language,
    runtimeVersion: jvmVersion(source, script) ?? null,
    packageManager: project.packageManager ?? null,
    framework,
    entrypoint: null,
  };
}

/** Toolchain, then what the project tells platforms and version managers, then the level that it compiles for. */
export function jvmVersion(source: Source, script = ""): string | undefined {
  const root = [...BUILDS, "gradle.properties"].map((file) => source.read(file) ?? "").join("\n");
  const texts = [script, root];
  const first = (pattern: RegExp): string | undefined =>
    texts.map((text) => pattern.exec(text)?.[1]).find((found) => found !== undefined);
  return (
    first(/(?:JavaLanguageVersion\.of\(|jvmToolchain\(|jdkToolchain\()\s*["']?(\d+)/) ??
    /^\s*java\.runtime\.version\s*=\s*(?:[a-z]+-)?([\d.]+)/im.exec(source.read("system.properties") ?? "")?.[1] ??
    /^(?:[a-z]+-)?([\d.]+)/.exec(source.read(".java-version")?.trim() ?? "")?.[1] ??
    /^java=([\d.]+)/m.exec(source.read(".sdkmanrc") ?? "")?.[1]?.replace(/\.$/, "") ??
    toolVersion(source, "java") ??
    first(/<(?:java\.version|jdk\.version|maven\.compiler\.(?:release|target|source))>\s*([\d.]+)/) ??
    first(/<(?:release|target|source)>\s*([\d.]+)\s*</) ??
    first(/(?:source|target)Compatibility\s*=?\s*(?:JavaVersion\.VERSION_|["'])?((?:1[._])?\d+)/)?.replace("_", ".") ??
    first(
      /\b(?:jvmTarget(?:\.set)?\s*[=(]\s*(?:JvmTarget\.JVM_|["'])(?:1[._])?|options\.release(?:\.set)?\s*[=(]\s*|javaVersion\s*=\s*)(\d+)/,
    )
  );
}
