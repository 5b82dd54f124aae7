/**
 * What a build tells the CI system that runs it, in the files that the system named in the environment:
 *   Cloud Build      $BUILDER_OUTPUT/output         image@digest lines (at most 4 KiB are kept)
 *   GitHub Actions   $GITHUB_OUTPUT                 image, digest, reference, tags; $GITHUB_STEP_SUMMARY a table
 *   Tekton           $KNBUILD_RESULTS_DIR           IMAGE_URL, IMAGE_DIGEST (what Tekton Chains looks for)
 *   GitLab and else  $KNBUILD_DOTENV                KNBUILD_IMAGE, KNBUILD_DIGEST, KNBUILD_REFERENCE
 */
import { appendFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeDirectory } from "../base/make-directory.ts";
import type { BuildReport } from "./build-types.ts";

const CLOUD_BUILD_LIMIT = 4096;

const VARIABLES = ["BUILDER_OUTPUT", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "KNBUILD_RESULTS_DIR", "KNBUILD_DOTENV"];

/** Does a CI system wait to be told? */
export function hasCiReports(env: NodeJS.ProcessEnv): boolean {
  return VARIABLES.some((name) => env[name]);
}

/** @returns the files that were written */
export async function writeCiReports(report: BuildReport, env: NodeJS.ProcessEnv): Promise<string[]> {
  const written: string[] = [];
  const refs = pushedNames(report);
  const name = refs[0] ?? report.name;
  const reference = `${withoutTag(name)}@${report.digest}`;

  if (env["BUILDER_OUTPUT"]) {
    makeDirectory(env["BUILDER_OUTPUT"]);
    const file = join(env["BUILDER_OUTPUT"], "output");
    const lines = [
      ...new Set((refs.length > 0 ? refs : [report.name]).map((ref) => `${withoutTag(ref)}@${report.digest}`)),
    ];
    await writeFile(file, wholeLines(lines, CLOUD_BUILD_LIMIT));
    written.push(file);
  }
  if (env["GITHUB_OUTPUT"]) {
    const tags = refs.join(",");
    await appendFile(
      env["GITHUB_OUTPUT"],
      `image=${name}\ndigest=${report.digest}\nreference=${reference}\ntags=${tags}\n`,
    );
    written.push(env["GITHUB_OUTPUT"]);
  }
  if (env["GITHUB_STEP_SUMMARY"]) {
    await appendFile(env["GITHUB_STEP_SUMMARY"], summary(report, refs, reference));
    written.push(env["GITHUB_STEP_SUMMARY"]);
  }
  if (env["KNBUILD_RESULTS_DIR"]) {
    makeDirectory(env["KNBUILD_RESULTS_DIR"]);
    // A trailing newline would become part of the result.
    await writeFile(join(env["KNBUILD_RESULTS_DIR"], "IMAGE_URL"), name);
    await writeFile(join(env["KNBUILD_RESULTS_DIR"], "IMAGE_DIGEST"), report.digest);
    written.push(env["KNBUILD_RESULTS_DIR"]);
  }
  if (env["KNBUILD_DOTENV"]) {
    const lines = [`KNBUILD_IMAGE=${name}`, `KNBUILD_DIGEST=${report.digest}`, `KNBUILD_REFERENCE=${reference}`];
    makeDirectory(dirname(env["KNBUILD_DOTENV"]));
    await writeFile(env["KNBUILD_DOTENV"], `${lines.join("\n")}\n`);
    written.push(env["KNBUILD_DOTENV"]);
  }
  return written;
}

/** As many lines as fit: half a digest would be worse than none. */
function wholeLines(lines: readonly string[], limitBytes: number): string {
  let text = "";
  for (const line of lines) {
    if (Buffer.byteLength(text) + Buffer.byteLength(line) + 1 > limitBytes) break;
    text += `${line}\n`;
  }
  return text;
}

function pushedNames(report: BuildReport): string[] {
  return report.outputs.flatMap(({ type, ref }) => (type === "registry" && ref ? [ref.replace(/@.*$/, "")] : []));
}

function withoutTag(reference: string): string {
  const at = reference.indexOf("@");
  const name = at < 0 ? reference : reference.slice(0, at);
  const colon = name.lastIndexOf(":");
  return colon > name.lastIndexOf("/") ? name.slice(0, colon) : name;
}

function summary(report: BuildReport, refs: readonly string[], reference: string): string {
  const size = report.layers.reduce((sum, layer) => sum + layer.size, 0);
  const rows = [
    ["image", code(reference)],
    ...refs.map((ref) => ["tag", code(ref)]),
    ["platform", report.platform],
    ["base", code(report.base.ref)],
    ["size", `${(size / 1e6).toFixed(1)} MB in ${report.layers.length} layers`],
    ["bundled", `${report.bundle.bundled.length} packages; ${report.bundle.external.length} as files`],
    ["time", report.unchanged ? "nothing had changed" : `${((report.timingsMs["total"] ?? 0) / 1000).toFixed(1)} s`],
  ];
  const warnings = report.warnings.map((warning) => `- ${warning.replace(/\n/g, " ")}`);
  return [
    "### knbuild",
    "",
    "| | |",
    "|---|---|",
    ...rows.map(([key, value]) => `| ${key} | ${value} |`),
    ...(warnings.length > 0 ? ["", ...warnings] : []),
    "",
    "",
  ].join("\n");
}

function code(text: string): string {
  return `\`${text}\``;
}
