/** Scala with sbt: sbt-native-packager stages the app; where the project does not name it, two files add it. */
import type { TemplateValues } from "../../dockerfile/template.ts";
import type { Source } from "../../source/open.ts";

export function scalaValues(source: Source): TemplateValues {
  const build = source.read("build.sbt") ?? "";
  const plugins = source
    .glob(["project/*.sbt"])
    .map((file) => source.read(file) ?? "")
    .join("\n");
  const play = /PlayScala|PlayJava|PlayService/.test(build);
  const packs = /native-packager|play["']?\s*%\s*["']sbt-plugin|org\.playframework/.test(plugins);
  const enabled = packs && (play || /JavaAppPackaging|JavaServerAppPackaging/.test(build));
  return {
    name: scriptName(build),
    plugin: packs ? "" : 'addSbtPlugin("com.github.sbt" % "sbt-native-packager" % "1.11.1")',
    packager: enabled ? "" : "enablePlugins(JavaAppPackaging)",
    project: source.isDirectory("project"),
    sbt: sbtCommand(source),
    // No file for the process id in a directory that is not the user's.
    flags: `-Dhttp.port=\${PORT:-8080}${play ? playFlags(source) : ""}`,
    play,
  };
}

/** As sbt-native-packager calls the start script: the project's name, normalized. Without one it is called like its value, or like /src. */
function scriptName(build: string): string {
  const text = build.replace(/^\s*\/\/.*$/gm, "");
  const script = /\bexecutableScriptName\s*:=\s*"+([^"]+)"+/.exec(text)?.[1];
  if (script !== undefined) return script;
  const own =
    /^\s*(?:ThisBuild\s*\/\s*)?name\s*:=\s*"+([^"]+)"+/m.exec(text)?.[1] ??
    /\bname\s*:=\s*"+([^"]+)"+/.exec(text)?.[1] ??
    /\blazy val\s+`?([\w-]+)`?\s*=\s*\(?\s*project\b[^\n]*(?:\n\s*\.)?[^\n]*in\s*\(?\s*file\("\."\)/.exec(text)?.[1] ??
    "src";
  return own.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}

/** sbt before 1.9 does not run on the image's Java; later ones of its line read the same builds. */
function sbtCommand(source: Source): string {
  const [, major, minor] =
    /^sbt\.version\s*=\s*(\d+)\.(\d+)/m.exec(source.read("project/build.properties") ?? "") ?? [];
  return major === "1" && Number(minor) < 9 ? "sbt -Dsbt.version=1.11.7" : "sbt";
}

function playFlags(source: Source): string {
  const conf = (source.read("conf/application.conf") ?? "").replace(/^\s*#.*$/gm, "");
  const secret = /secret\.key\s*=\s*(?:\$\{|"(?!changeme"))/.test(conf);
  const hosts = /allowed\s*=\s*\[|filters\.hosts/.test(conf) || /AllowedHostsFilter/.test(conf);
  return [
    " -Dpidfile.path=/dev/null",
    ...(secret ? [] : [" -Dplay.http.secret.key=$APPLICATION_SECRET"]),
    // The platform routes by host: what arrives is meant for the service.
    ...(hosts ? [] : [" -Dplay.filters.hosts.allowed.0=."]),
  ].join("");
}
