/** What a build made, for people: the result on stdout, the rest beside it on stderr. */
import { plural } from "../base/plural.ts";
import type { BuildReport } from "../pipeline/build-types.ts";
import type { CliContext } from "./command.ts";
import { formatBytes, formatDuration, formatTable } from "./format.ts";

export function printReport(report: BuildReport, context: Pick<CliContext, "style" | "note" | "print">): void {
  const { style } = context;
  const outputs = report.outputs.map(({ type, ref, dest, bytesWritten, bytesUploaded }) => {
    const moved =
      type === "registry" ? `${formatBytes(bytesUploaded)} uploaded` : `${formatBytes(bytesWritten)} written`;
    return `${dest ?? ref ?? type} ${style("dim", `(${report.unchanged ? "up to date" : moved})`)}`;
  });
  const rows = [
    ["image", style("bold", report.name)],
    ["digest", report.digest],
    ["base", report.base.ref],
    ["start", report.entrypoint.join(" ")],
    ...outputs.map((line) => ["to", line]),
  ];
  context.note("");
  context.print(formatTable(rows));
  const total = report.layers.reduce((sum, { size }) => sum + size, 0);
  const app = report.layers
    .filter(({ kind }) => kind !== "base" && kind !== "runtime")
    .reduce((sum, { size }) => sum + size, 0);
  const layers = report.layers.map(({ kind, size, cached, digest }) => [
    `  ${kind}`,
    formatBytes(size),
    style("dim", digest.slice(7, 19)),
    cached ? style("dim", "cached") : "",
  ]);
  context.note(formatTable([...layers, ["  total", formatBytes(total), "", ""]]));
  if (report.modulesBytes)
    context.note(
      `  the app's own layers: ${formatBytes(app)}, from ${formatBytes(report.modulesBytes)} of node_modules`,
    );
  const { bundled, external } = report.bundle;
  if (bundled.length + external.length > 0)
    context.note(
      `  ${plural(bundled.length, "package")} bundled, ${external.length} shipped as files ${style("dim", "(knbuild plan says why)")}`,
    );
  context.note(
    `${report.unchanged ? "nothing had changed" : "built"} in ${formatDuration(report.timingsMs["total"] ?? 0)}`,
  );
  const next = report.outputs.some(({ type }) => type === "store")
    ? `knbuild run ${report.name}`
    : `knbuild inspect ${report.outputs[0]?.type === "registry" ? report.name : (report.outputs[0]?.dest ?? report.name)}`;
  context.note(`next: ${style("cyan", next)}`);
}
