/** Detection → the values of templates/dockerfile/<language>.Dockerfile. */
import { posix } from "node:path";
import { copyLine } from "../../dockerfile/quote.ts";
import type { TemplateValues } from "../../dockerfile/template.ts";
import type { PlanOptions } from "../../plan/options.ts";
import type { Detection } from "../../sdk.ts";
import type { Source } from "../../source/open.ts";
import { readStaticfile } from "../../source/staticfile.ts";
import type { BaseWish } from "./base-wish.ts";
import { dotnetValues } from "./dotnet.ts";
import { elixirValues } from "./elixir.ts";
import { jvmValues } from "./jvm.ts";
import { cValues, goValues, rustValues } from "./native.ts";
import { HTML, nodeValues } from "./node.ts";
import { phpValues } from "./php.ts";
import { pythonValues } from "./python.ts";
import { rubyValues } from "./ruby.ts";
import { runtimeLine } from "./runtime-line.ts";
import { scalaValues } from "./scala.ts";
import { bunValues, denoValues } from "./scripts.ts";

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
 * @param base what it says of the base
 * @throws what a plan says of the source (NOT_A_SERVER, …), INIT_IN_MEMBER, INIT_FETCH_HANDLER
 */
export function dockerfileValues(
  detection: Detection,
  source: Source,
  name: string,
  wish: PlanOptions = {},
  base: BaseWish = { packages: [] },
): TemplateValues {
  const version = runtimeLine(detection);
  const { entrypoint } = detection;
  switch (detection.language) {
    case "node":
      return nodeValues(source, detection.runtimeVersion, wish, base);
    case "html":
    case "static":
      return {
        fallback: readStaticfile(source)?.spa ? "/index.html" : "=404",
        files: copyLine([entrypoint === null ? "." : posix.dirname(entrypoint)], HTML),
      };
    case "python":
      return { version, ...pythonValues(detection, source) };
    case "go":
      return { version, ...goValues(detection, source) };
    case "java":
    case "kotlin":
      return jvmValues(detection, source, version);
    case "scala":
      return scalaValues(source);
    case "ruby":
      return rubyValues(detection, source, version);
    case "php":
      return { version, ...phpValues(detection, source) };
    case "rust":
      return { version, ...rustValues(detection, source, name) };
    case "dotnet":
      return dotnetValues(detection, source);
    case "deno":
      return denoValues(detection, source);
    case "bun":
      return { version, ...bunValues(detection, source) };
    case "elixir":
      return { version, ...elixirValues(detection, source, name) };
    default:
      return cValues(detection, source, name);
  }
}
