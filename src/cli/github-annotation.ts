/** An error as GitHub Actions shows it beside the code: a workflow command (docs: "Workflow commands for GitHub Actions"). */
import type { KnbuildError } from "../base/errors.ts";

export function githubAnnotation(error: KnbuildError): string {
  const place =
    /^(?<file>[^:\s][^:]*\.[A-Za-z0-9]+|[^:\s]*(?:Dockerfile|\.npmrc))(?::(?<line>\d+))?(?::(?<column>\d+))?$/.exec(
      error.where ?? "",
    )?.groups;
  const properties = [
    ["title", error.code],
    ["file", place?.["file"]],
    ["line", place?.["line"]],
    ["col", place?.["column"]],
  ].flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${property(value)}`]));
  const text = [error.message, error.detail, error.hint].filter(Boolean).join("\n");
  return `::error ${properties.join(",")}::${data(text)}`;
}

function data(text: string): string {
  return text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

function property(text: string): string {
  return data(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
}
