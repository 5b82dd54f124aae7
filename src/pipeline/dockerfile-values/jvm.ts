/** Java, Kotlin, Scala: what the build makes, and how it is started. */
import type { TemplateValues } from "../../dockerfile/template.ts";
import type { Detection } from "../../sdk.ts";
import type { Source } from "../../source/open.ts";

const PORT_PROPERTIES: Readonly<Record<string, string>> = {
  "spring-boot": "-Dserver.port=${PORT:-8080} ",
  quarkus: "-Dquarkus.http.host=0.0.0.0 -Dquarkus.http.port=${PORT:-8080} ",
  micronaut: "-Dmicronaut.server.port=${PORT:-8080} ",
};
const JAVA = "exec java -XX:MaxRAMPercentage=75";
const MAVEN = "mvn -B -q";
/** One jar that starts by itself: not what a plug-in left of the jar without its dependencies, nor sources or documentation. */
const ONE_JAR =
  "find target -maxdepth 1 -name '*.jar' ! -name 'original-*' ! -name '*-sources.jar' ! -name '*-javadoc.jar' ! -name '*-tests.jar'";

/** @param version of the JDK */
export function jvmValues(detection: Detection, source: Source, version: string): TemplateValues {
  const maven = detection.packageManager === "maven";
  const wrapper = source.isFile("gradlew");
  return {
    version,
    maven,
    // The modules' own build files would have to be there as well.
    offline: maven && !/<modules>/.test(source.read("pom.xml") ?? ""),
    // The project's own Gradle, where it brings one.
    image: wrapper ? `eclipse-temurin:${version}-jdk` : `gradle:9.7-jdk${version}`,
    ...(maven ? mavenValues(detection, source) : gradleValues(detection, source, wrapper ? "sh ./gradlew" : "gradle")),
  };
}

interface JvmBuild {
  /** Leaves in /out what the image gets. */
  build: string;
  start: string;
  [name: string]: string;
}

function mavenValues({ framework }: Detection, source: Source): JvmBuild {
  const pom = source.read("pom.xml") ?? "";
  const port = PORT_PROPERTIES[framework ?? ""] ?? "";
  const build = `${MAVEN} -DskipTests package`;
  if (framework === "quarkus") {
    return {
      build: `${build} && cp -r target/quarkus-app /out`,
      start: `${JAVA} ${port}-jar quarkus-run.jar`,
    };
  }
  const main = mainClass(source, pom);
  const runnable = /maven-shade-plugin|maven-assembly-plugin|spring-boot-maven-plugin|<addClasspath>/.test(pom);
  if (!runnable && framework !== "spring-boot" && main !== undefined) {
    const libraries = "dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=/out/lib";
    return {
      build: `${build} ${libraries} && ${ONE_JAR} -exec cp {} /out/ ';'`,
      start: `${JAVA} ${port}-cp '*:lib/*' ${main}`,
    };
  }
  const jar = /maven-assembly-plugin/.test(pom) ? `${ONE_JAR} -name '*-with-dependencies.jar'` : ONE_JAR;
  return {
    build: `${build} && mkdir /out && ${jar} -exec cp {} /out/app.jar ';'`,
    start: `${JAVA} ${port}-jar app.jar`,
  };
}

function gradleValues({ framework }: Detection, source: Source, gradle: string): JvmBuild {
  const script = source.read("build.gradle.kts") ?? source.read("build.gradle") ?? "";
  const port = PORT_PROPERTIES[framework ?? ""] ?? "";
  const run = (task: string, take: string): string => `${gradle} --no-daemon -q ${task} && ${take}`;
  const jar = { start: `${JAVA} ${port}-jar app.jar` };
  if (framework === "quarkus")
    return {
      build: run("quarkusBuild", "cp -r build/quarkus-app /out"),
      start: `${JAVA} ${port}-jar quarkus-run.jar`,
    };
  if (framework === "spring-boot")
    return { build: run("bootJar", "mkdir /out && cp build/libs/*.jar /out/app.jar"), ...jar };
  if (/io\.ktor\.plugin|ktor\.plugin/.test(script))
    return { build: run("buildFatJar", "mkdir /out && cp build/libs/*-all.jar /out/app.jar"), ...jar };
  if (/shadow/.test(script))
    return { build: run("shadowJar", "mkdir /out && cp build/libs/*-all.jar /out/app.jar"), ...jar };
  const main = mainClass(source, script);
  if (/\bapplication\b/.test(script) && main !== undefined)
    return {
      build: run("installDist", "mkdir /out && cp -r build/install/*/lib /out/lib"),
      start: `${JAVA} ${port}-cp 'lib/*' ${main}`,
    };
  return { build: run("assemble", "mkdir /out && cp build/libs/*.jar /out/app.jar"), ...jar };
}

/** What the build file names, else the only class with a `main`. */
function mainClass(source: Source, build: string): string | undefined {
  const named =
    /<mainClass>\s*([\w.$]+)\s*<\/mainClass>/.exec(build)?.[1] ??
    /(?:mainClass(?:\.set\(|Name)?\s*=?\s*\(?)\s*["']([\w.$]+)["']/.exec(build)?.[1];
  if (named !== undefined) return named;
  for (const file of source.glob(["src/main/java/**/*.java", "src/main/kotlin/**/*.kt"])) {
    const text = source.read(file) ?? "";
    const kotlin = file.endsWith(".kt");
    const found = kotlin ? /^(?:suspend )?fun main\(/m.test(text) : /\bstatic\s+void\s+main\s*\(/.test(text);
    if (!found) continue;
    const pack = /^\s*package\s+([\w.]+)/m.exec(text)?.[1];
    const name = file.replace(/^.*\//, "").replace(/\.(?:java|kt)$/, "");
    const type = kotlin ? `${name.charAt(0).toUpperCase()}${name.slice(1)}Kt` : name;
    return pack === undefined ? type : `${pack}.${type}`;
  }
  return undefined;
}

/** sbt: sbt-native-packager stages the app; where the project does not name it, two files add it. */
export function scalaValues(source: Source, name: string): TemplateValues {
  const build = source.read("build.sbt") ?? "";
  const plugins = source
    .glob(["project/*.sbt"])
    .map((file) => source.read(file) ?? "")
    .join("\n");
  const packs = /native-packager|play["']?\s*%\s*["']sbt-plugin|org\.playframework/.test(plugins);
  const enabled = packs && /JavaAppPackaging|JavaServerAppPackaging|PlayScala|PlayJava/.test(build);
  const own =
    /^\s*(?:ThisBuild\s*\/\s*)?name\s*:=\s*"([^"]+)"/m.exec(build)?.[1] ?? /\bname\s*:=\s*"([^"]+)"/.exec(build)?.[1];
  return {
    name: (own ?? name).toLowerCase().replace(/[^a-z0-9]+/g, "-"),
    plugin: packs ? "" : 'addSbtPlugin("com.github.sbt" % "sbt-native-packager" % "1.11.1")',
    packager: enabled ? "" : "enablePlugins(JavaAppPackaging)",
    project: source.isDirectory("project"),
  };
}
