/** Detection → the values of templates/dockerfile/<language>.Dockerfile. */
import { posix } from "node:path";
import type { TemplateValues } from "../../dockerfile/template.ts";
import type { PlanOptions } from "../../plan/options.ts";
import type { Detection } from "../../sdk.ts";
import type { Source } from "../../source/open.ts";
import { readStaticfile } from "../../source/staticfile.ts";
import { jvmValues, scalaValues } from "./jvm.ts";
import { cmakeValues, goValues, rustValues } from "./native.ts";
import { nodeValues } from "./node.ts";
import { pythonValues } from "./python.ts";
import { bunValues, denoValues, phpValues, rubyValues } from "./scripts.ts";

/** Newest maintained line of each runtime, for sources that ask for none. */
const NEWEST: Readonly<Record<string, string>> = {
  python: "3.14",
  go: "1.27",
  java: "25",
  kotlin: "25",
  ruby: "4.0",
  php: "8.5",
  rust: "1.98",
  dotnet: "10.0",
  elixir: "1.20",
  bun: "1.4",
};
const JVM_LINES = [8, 11, 17, 21, 25];

export const TEMPLATE_LANGUAGES: readonly string[] = [
  "node",
  "static",
  "python",
  "go",
  "java",
  "kotlin",
  "scala",
  "ruby",
  "php",
  "rust",
  "dotnet",
  "deno",
  "bun",
  "elixir",
  "c",
];

/**
 * @param name of the app: letters, digits, `-`
 * @param wish what the configuration says of the app
 * @throws what a plan says of the source (NOT_A_SERVER, …), INIT_IN_MEMBER, INIT_FETCH_HANDLER
 */
export function dockerfileValues(
  detection: Detection,
  source: Source,
  name: string,
  wish: PlanOptions = {},
): TemplateValues {
  const version = runtimeLine(detection);
  const { entrypoint, framework } = detection;
  switch (detection.language) {
    case "node":
      return nodeValues(source, detection.runtimeVersion, wish);
    case "html":
    case "static":
      return {
        fallback: readStaticfile(source)?.spa ? "/index.html" : "=404",
        root: entrypoint === null ? "." : posix.dirname(entrypoint),
      };
    case "python":
      return { version, ...pythonValues(detection, source) };
    case "go":
      return { version, ...goValues(detection, source) };
    case "java":
    case "kotlin":
      return jvmValues(detection, source, version);
    case "scala":
      return scalaValues(source, name);
    case "ruby":
      return { version, ...rubyValues(detection, source) };
    case "php":
      return { version, ...phpValues(detection, source) };
    case "rust":
      return { version, ...rustValues(detection, source, name) };
    case "dotnet": {
      const project = entrypoint ?? ".";
      const assembly = /<AssemblyName>\s*([^<\s]+)\s*<\/AssemblyName>/.exec(source.read(project) ?? "")?.[1];
      const folder = posix.dirname(project);
      return {
        version,
        entry: project,
        folder: folder === "." ? "./" : `./${folder}/`,
        name: assembly ?? posix.basename(project).replace(/\.\w+proj$/, ""),
      };
    }
    case "deno":
      return denoValues(detection, source);
    case "bun":
      return { version, ...bunValues(detection, source) };
    case "elixir": {
      const manifests = ["mix.exs", "mix.lock"].filter((file) => source.isFile(file));
      return {
        version,
        phoenix: framework === "phoenix",
        manifests: manifests.join(" ") || "mix.exs",
        config: source.isDirectory("config"),
        name: entrypoint ?? name,
      };
    }
    default:
      return cmakeValues(detection, source, name);
  }
}

/** The version line that the base image's tag names. */
function runtimeLine({ language, runtimeVersion }: Detection): string {
  const newest = NEWEST[language] ?? "";
  const asked = /(\d+)(?:\.(\d+))?/.exec(runtimeVersion ?? "");
  if (!asked) return newest;
  const [, major = "", minor] = asked;
  if (language === "java" || language === "kotlin")
    return String(JVM_LINES.find((line) => line >= Number(major) && line >= 17) ?? newest);
  if (language === "python" && (Number(major) < 3 || Number(minor ?? 99) < 10 || /^[>^~]/.test(runtimeVersion ?? "")))
    return newest;
  if (language === "go" && Number(minor ?? 0) < 26) return newest;
  // A program for one .NET does not start on another.
  if (language === "dotnet") return `${major}.${minor ?? 0}`;
  // A range leaves the choice.
  if (["php", "ruby", "elixir"].includes(language) && /^\s*[>^]/.test(runtimeVersion ?? "")) return newest;
  if (language === "ruby" && (Number(major) < 3 || (major === "3" && Number(minor ?? 0) < 3))) return newest;
  if (language === "php" && (Number(major) < 8 || Number(minor ?? 0) < 2)) return newest;
  return minor === undefined ? newest : `${major}.${minor}`;
}
