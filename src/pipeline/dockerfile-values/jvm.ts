/** Java and Kotlin: what the build makes, and how it is started. */
import { shellWord } from "../../dockerfile/quote.ts";
import type { TemplateValues } from "../../dockerfile/template.ts";
import type { Detection } from "../../sdk.ts";
import { type JvmProject, jvmProject } from "../../source/jvm-project.ts";
import type { Source } from "../../source/open.ts";
import { dropwizardArguments, mainClass } from "./jvm-start.ts";

const PORT_PROPERTIES: Readonly<Record<string, string>> = {
  "spring-boot": "-Dserver.port=${PORT:-8080} ",
  quarkus: "-Dquarkus.http.host=0.0.0.0 -Dquarkus.http.port=${PORT:-8080} ",
  micronaut: "-Dmicronaut.server.port=${PORT:-8080} ",
  helidon: "-Dserver.host=0.0.0.0 -Dserver.port=${PORT:-8080} ",
};
const JAVA = "exec java -XX:MaxRAMPercentage=75";
const MAVEN = "mvn -B -q -DskipTests";
/** One archive that starts by itself: not what a plug-in left of it without its dependencies, nor sources or documentation. */
const OTHERS = ["original-*", "*-plain.jar", "*-sources.jar", "*-javadoc.jar", "*-tests.jar"];
/** A Gradle release → the newest JDK with long support that it runs on. */
const GRADLE_JDKS: readonly [gradle: number, jdk: number][] = [
  [901, 25],
  [805, 21],
  [703, 17],
  [500, 11],
  [0, 8],
];

/** @param version of the Java that the app runs on */
export function jvmValues(detection: Detection, source: Source, version: string): TemplateValues {
  const project = jvmProject(source);
  const maven = detection.packageManager === "maven";
  const wrapper = source.isFile("gradlew");
  const war = isWar(detection, project.script);
  const jdk = Math.min(Number(version), wrapper ? gradleLimit(source) : Number(version));
  return {
    version,
    maven,
    // The modules' own build files would have to be there as well.
    offline: maven && !project.modules,
    // The project's own Gradle, where it brings one.
    image: wrapper ? `eclipse-temurin:${jdk}-jdk` : `gradle:9.7-jdk${jdk}`,
    war,
    jar: !war,
    // Of Java EE 8 and before, and of Jakarta EE.
    tomcat: /jakarta\.(?:servlet|platform)|jakartaee-api|spring-boot/.test(project.script)
      ? "tomcat:11.0-jre21"
      : "tomcat:9.0-jre17",
    ...(maven
      ? mavenValues(detection, source, project, war)
      : gradleValues(detection, source, project, war, wrapper ? "sh ./gradlew" : "gradle")),
  };
}

interface JvmBuild {
  /** Leaves in /out what the image gets. */
  build: string;
  start: string;
  [name: string]: string;
}

/** An application for a servlet container: no program of its own. */
function isWar({ framework }: Detection, script: string): boolean {
  const packaged =
    /<packaging>\s*war\s*</.test(script) || /(?:id\s*\(?\s*["']|apply plugin:\s*["'])war["']|^\s*war\s*$/m.test(script);
  return packaged && (framework === null || framework === "spark" || framework === "vertx");
}

function mavenValues({ framework }: Detection, source: Source, project: JvmProject, war: boolean): JvmBuild {
  const { module, script } = project;
  const port = PORT_PROPERTIES[framework ?? ""] ?? "";
  const target = module === "." ? "target" : shellWord(`${module}/target`);
  const build = `${MAVEN} ${module === "." ? "" : `-pl ${shellWord(module)} -am `}package`;
  if (war) return { build: `${build} && mkdir /out && cp ${target}/*.war /out/app.war`, start: "" };
  if (framework === "quarkus") {
    return { build: `${build} && cp -r ${target}/quarkus-app /out`, start: `${JAVA} ${port}-jar quarkus-run.jar` };
  }
  const after = dropwizardArguments(framework, source, module);
  const main = mainClass(source, script, module);
  const runnable = /maven-shade-plugin|maven-assembly-plugin|spring-boot-maven-plugin|<addClasspath>/.test(script);
  if (!runnable && framework !== "spring-boot" && main !== undefined) {
    const libraries = "dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=/out/lib";
    return {
      build: `${build} ${libraries} && ${oneArchive(target, "*.jar")} -exec cp {} /out/ ';'${after.copy}`,
      start: `${JAVA} ${after.properties}${port}-cp '*:lib/*' ${main}${after.words}`,
    };
  }
  const packed = /<packaging>\s*war\s*</.test(script) ? "war" : "jar";
  return {
    build: `${build} && mkdir /out && ${oneArchive(target, assembled(script) ?? `*.${packed}`)} -exec cp {} /out/app.${packed} ';'${after.copy}`,
    start: `${JAVA} ${after.properties}${port}-jar app.${packed}${after.words}`,
  };
}

/** The name of what the assembly plug-in makes beside the plain jar. */
function assembled(script: string): string | undefined {
  if (!script.includes("maven-assembly-plugin")) return undefined;
  const plugin = script.slice(script.indexOf("maven-assembly-plugin")).split("</plugin>", 1)[0] as string;
  if (!/<appendAssemblyId>\s*false/.test(plugin)) return "*-with-dependencies.jar";
  return `${/<finalName>\s*([^<$]+?)\s*</.exec(plugin)?.[1] ?? "*"}.jar`;
}

function gradleValues(
  { framework }: Detection,
  source: Source,
  project: JvmProject,
  war: boolean,
  gradle: string,
): JvmBuild {
  const { module, script } = project;
  const port = PORT_PROPERTIES[framework ?? ""] ?? "";
  const output = module === "." ? "build" : shellWord(`${module}/build`);
  const path = module === "." ? "" : `:${module.replaceAll("/", ":")}:`;
  const run = (task: string, take: string): string =>
    `${gradle} --no-daemon -q ${shellWord(`${path}${task}`)} && ${take}`;
  const after = dropwizardArguments(framework, source, module);
  const jar = (task: string, name = "*.jar"): JvmBuild => ({
    build: run(task, `mkdir /out && ${oneArchive(`${output}/libs`, name)} -exec cp {} /out/app.jar ';'${after.copy}`),
    start: `${JAVA} ${after.properties}${port}-jar app.jar${after.words}`,
  });
  if (war) return { build: run("war", `mkdir /out && cp ${output}/libs/*.war /out/app.war`), start: "" };
  if (framework === "quarkus")
    return {
      build: run("quarkusBuild", `cp -r ${output}/quarkus-app /out`),
      start: `${JAVA} ${port}-jar quarkus-run.jar`,
    };
  if (framework === "spring-boot") return jar("bootJar");
  if (/(?:io\.)?ktor\.plugin|plugins\.ktor\b/.test(script)) return jar("buildFatJar", "*-all.jar");
  if (/shadow/.test(script)) return jar("shadowJar", "*-all.jar");
  const main = mainClass(source, script, module);
  if (/\bapplication\b/.test(script) && main !== undefined)
    return {
      build: run("installDist", `mkdir /out && cp -r ${output}/install/*/lib /out/lib${after.copy}`),
      start: `${JAVA} ${after.properties}${port}-cp 'lib/*' ${main}${after.words}`,
    };
  return jar("assemble");
}

/** @param name a pattern; one that means the archive itself needs no exceptions */
function oneArchive(directory: string, name: string): string {
  const others = /^\*\.\w+$/.test(name) ? OTHERS.map((other) => ` ! -name '${other}'`).join("") : "";
  return `find ${directory} -maxdepth 1 -name '${name}'${others}`;
}

function gradleLimit(source: Source): number {
  const properties = source.read("gradle/wrapper/gradle-wrapper.properties") ?? "";
  const [, major, minor] = /gradle-(\d+)\.(\d+)/.exec(properties) ?? [];
  if (major === undefined) return 25;
  const release = Number(major) * 100 + Number(minor);
  return GRADLE_JDKS.find(([from]) => release >= from)?.[1] ?? 25;
}
