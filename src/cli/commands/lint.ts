import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import { usageError } from "../../base/errors.ts";
import { plural } from "../../base/plural.ts";
import { knbuildVersion } from "../../base/version.ts";
import type { Severity } from "../../check/types.ts";
import { isProfileId, type ProfileId } from "../../contract/profiles.ts";
import { reporters } from "../../generated/reporters.ts";
import { lint } from "../../pipeline/lint.ts";
import { configPlacesAbove } from "../../pipeline/nearest-lint-config.ts";
import { beginLint, type Said } from "../../pipeline/same-lint.ts";
import { type CliContext, defineCommand } from "../command.ts";
import { outputLook } from "../streams.ts";

const collect = (value: string, previous: string[] = []): string[] => [...previous, ...value.split(",")];
/** A build holds the place for new objects small; trees of many files or of a long one would be copied over and over there. */
const GROWING_NURSERY = "--semi-space-growth-factor=4";
const FORMATS = reporters.map(({ id }) => id);
const THRESHOLDS = ["error", "warning", "info", "never"];

export default defineCommand({
  usage: "lint [paths...]",
  summary: "Judge Dockerfiles and source against the contract, hadolint's and BuildKit's rules",
  examples: [
    "knbuild lint",
    "knbuild lint --fix services/*/Dockerfile",
    "knbuild lint --format sarif . > knbuild.sarif",
    "knbuild lint --online --fix                      # pins base images by digest",
    "cat Dockerfile | knbuild lint --stdin-filename api/Dockerfile -",
  ],
  configure(command) {
    command
      .option("--format <format>", `${FORMATS.join(", ")} (default: tty)`)
      .option("--rule <id>", "only this rule: an id, an alias or a glob; again for more", collect)
      .option(
        "--config <file>",
        "configuration (default: the nearest above each file: lint of knbuild.yaml, or .hadolint.yaml)",
      )
      .option("--fail-on <severity>", "exit 1 at error, warning, info or over; never (default: warning)")
      .option("--profile <profile>", "gke, knative or cloudrun (default: gke)")
      .option("--fix", "apply the safe fixes")
      .option("--fix-dry-run", "print the safe fixes as a diff, write nothing")
      .option("--baseline <file>", "findings known to this file do not count; written where it is not there")
      .option("--update-baseline", "write the baseline anew")
      .option("--build-arg <name=value>", "value of an ARG", collect)
      .option("--target <stage>", "the stage that becomes the image (default: the last)")
      .option("--no-source", "of directories, judge Dockerfiles only")
      .option(
        "--online",
        "ask the registries about base images, through the mirrors: there, for linux/amd64, which digest",
      )
      .option("--plain-http <host>", "with --online: speak plain http with this registry (repeatable)", collect, [])
      .option("--insecure <host>", "with --online: do not check this registry's certificate (repeatable)", collect, [])
      .option("--ca <file>", "with --online: certificate authority to trust (repeatable)", collect, [])
      .option("--no-pragmas", "show what comments silence")
      .option("--stdin-filename <name>", "name of what comes on standard input");
  },
  failureCode: 2,
  async run([paths = []], options, context) {
    setFlagsFromString(GROWING_NURSERY);
    const named = paths as string[];
    const format = (options["format"] as string | undefined) ?? (context.json ? "json" : "tty");
    const reporter = reporters.find(({ id }) => id === format);
    if (!reporter) throw usageError("USAGE", `no such format: ${format}`, `One of ${FORMATS.join(", ")}.`);
    const failOn = options["failOn"] as string | undefined;
    if (failOn !== undefined && !THRESHOLDS.includes(failOn))
      throw usageError("USAGE", `--fail-on ${failOn}: no such severity`, `One of ${THRESHOLDS.join(", ")}.`);
    const profile = options["profile"] as string | undefined;
    if (profile !== undefined && !isProfileId(profile))
      throw usageError("USAGE", `no such profile: ${profile}`, "One of gke, knative, cloudrun.");
    const stdin = named.includes("-") || (named.length === 0 && options["stdinFilename"] !== undefined);
    if (stdin && named.length > 1) throw usageError("USAGE", "- stands for standard input and goes alone");
    const fix = options["fixDryRun"] ? "preview" : options["fix"] ? "apply" : undefined;
    const only = options["rule"] as string[] | undefined;
    const said: Said = { printed: [], notes: [], exitCode: 0 };
    const print = (text: string) => {
      said.printed.push(text);
      context.print(text);
    };
    const note = (line: string) => {
      said.notes.push(line);
      context.note(line);
    };
    const directory = resolve(context.cwd, named[0] ?? ".");
    const again = !stdin && !fix && !options["online"] && !options["updateBaseline"] && named.length <= 1;
    const keep =
      again && statSync(directory, { throwIfNoEntry: false })?.isDirectory()
        ? beginLint(context, outputLook(), directory)
        : undefined;
    const online = options["online"] === true ? await registryLookup(options, context) : undefined;
    const report = await lint({
      paths: stdin ? [] : named,
      cwd: context.cwd,
      ...(stdin && {
        stdin: {
          text: readFileSync(0, "utf8"),
          file: (options["stdinFilename"] as string | undefined) ?? "Dockerfile",
        },
      }),
      ...(only && { only }),
      ...(typeof options["config"] === "string" && { configFile: options["config"] }),
      ...(profile !== undefined && { profile: profile as ProfileId }),
      ...(failOn !== undefined && { failOn: failOn as Severity | "never" }),
      ...(typeof options["baseline"] === "string" && { baseline: options["baseline"] }),
      updateBaseline: options["updateBaseline"] === true,
      ...(fix && { fix }),
      source: options["source"] !== false,
      ignorePragmas: options["pragmas"] === false,
      buildArgs: buildArgs((options["buildArg"] as string[] | undefined) ?? []),
      ...(typeof options["target"] === "string" && { target: options["target"] }),
      ...(online && { online: online.ask }),
      emit: context.emit,
      signal: context.signal,
    }).finally(() => online?.close());
    if (fix === "preview") {
      for (const { diff } of report.fixed) print(diff.trimEnd());
    } else if (fix === "apply" && stdin)
      print((report.fixed[0]?.text ?? report.textOf(report.files[0] as string) ?? "").replace(/\n$/, ""));
    if (fix !== "preview" && !(fix === "apply" && stdin)) {
      const text = reporter.report({
        findings: report.findings,
        rules: report.rules,
        textOf: report.textOf,
        files: report.files,
        profile: report.profile,
        version: knbuildVersion(),
        style: context.style,
      });
      if (text !== "") print(text);
    }
    for (const { file, applied } of report.fixed)
      note(`${file}: ${applied} fixed${fix === "preview" ? " (not written)" : ""}`);
    if (report.baselineWritten) note(`baseline written: ${report.baselineWritten}`);
    for (const line of report.notes) note(line);
    if (report.files.length === 0) note(`no Dockerfile found; ${lookedAt(report.sources)}`);
    said.exitCode = report.failing > 0 ? 1 : 0;
    if (!report.baselineWritten) {
      const read = [options["config"], report.baseline].filter((path) => typeof path === "string");
      keep?.(said, [...read.map((path) => resolve(context.cwd, path)), ...configPlacesAbove(directory)]);
    }
    return said.exitCode;
  },
});

/** Loaded only when somebody is asked: linting alone starts faster without a registry client. */
async function registryLookup(options: Record<string, unknown>, context: CliContext) {
  const [{ registryClient }, { createImageLookup }] = await Promise.all([
    import("../registry-options.ts"),
    import("../../pipeline/online-images.ts"),
  ]);
  const client = registryClient(options, context);
  return { ask: createImageLookup(client), close: () => client.close() };
}

function buildArgs(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const equals = pair.indexOf("=");
      return equals < 0 ? [pair, process.env[pair] ?? ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}

function lookedAt(sources: number): string {
  return sources === 0 ? "no source either" : `${plural(sources, "file")} of source looked at`;
}
