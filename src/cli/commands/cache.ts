import { KnbuildError, usageError } from "../../base/errors.ts";
import { loadConfig } from "../../config/load.ts";
import { cacheInfo, pruneCache, verifyCache } from "../../pipeline/images.ts";
import { ageMs, boundBytes, sizeBytes, trimCache } from "../../pipeline/trim-cache.ts";
import { type CliContext, defineCommand } from "../command.ts";
import { formatBytes, formatTable } from "../format.ts";

export default defineCommand({
  usage: "cache",
  summary: "Show, shrink or check the store and the cache",
  examples: [
    "knbuild cache info",
    "knbuild cache prune",
    "knbuild cache prune --all",
    "knbuild cache prune --older-than 7d --max-size 5GB",
    "knbuild cache verify",
  ],
  subcommands: [
    {
      usage: "info",
      summary: "Where the cache is and what it holds",
      examples: ["knbuild cache info", "knbuild cache info --json"],
      async run(_args, _options, context) {
        const maxBytes = configuredBound(context);
        const info = { ...(await cacheInfo()), maxBytes };
        if (context.json) {
          context.printJson(info);
          return 0;
        }
        const rows = [
          ["directory", info.dir],
          ["bound", maxBytes === undefined ? "unknown" : maxBytes === null ? "none" : tellBound(maxBytes)],
          ["images", String(info.images)],
          ["blobs", `${info.blobs.count}, ${formatBytes(info.blobs.bytes)}`],
          ["unused", `${info.unused.count}, ${formatBytes(info.unused.bytes)}`],
          ...Object.entries(info.other).map(([name, bytes]) => [name, formatBytes(bytes)]),
        ];
        context.print(formatTable(rows));
        return 0;
      },
    },
    {
      usage: "prune",
      summary: "Remove what no image needs",
      examples: [
        "knbuild cache prune",
        "knbuild cache prune --all",
        "knbuild cache prune --older-than 7d --max-size 5GB",
      ],
      configure(command) {
        command
          .option("--all", "also what only makes the next build fast: cached layers, installs, records")
          .option("--older-than <span>", "what was not used for so long, whatever it is good for: 7d, 36h")
          .option("--max-size <size>", "then what was not used for longest, until the cache holds no more: 5GB");
      },
      async run(_args, options, context) {
        const freed = await prune(options, context);
        if (context.json) context.printJson(freed);
        else context.print(`freed ${formatBytes(freed.bytes)}`);
        return 0;
      },
    },
    {
      usage: "verify",
      summary: "Read every blob and check its digest",
      examples: ["knbuild cache verify"],
      async run(_args, _options, context) {
        const report = await verifyCache();
        if (context.json) context.printJson(report);
        else {
          context.print(`${report.checked} blobs read, ${report.damaged.length} damaged`);
          for (const digest of report.damaged) context.print(`  removed ${digest}`);
          for (const name of report.incomplete) context.print(`  incomplete: ${name}; build or copy it again`);
        }
        return report.damaged.length + report.incomplete.length > 0 ? 1 : 0;
      },
    },
  ],
});

const tellBound = (bytes: number) => `${formatBytes(bytes)} (cacheMaxSize, KNBUILD_CACHE_MAX_SIZE)`;

/** Bytes; null: none; undefined, and told, where the configuration here cannot be read: the cache can be looked at all the same. */
function configuredBound({ cwd, env, note }: CliContext): number | null | undefined {
  try {
    return boundBytes(loadConfig({ dir: cwd, cwd, env }).config.cacheMaxSize) ?? null;
  } catch (error) {
    if (!(error instanceof KnbuildError)) throw error;
    note(`the bound is unknown: ${error.message}${error.where === undefined ? "" : ` (${error.where})`}`);
    return undefined;
  }
}

async function prune(
  { all, olderThan, maxSize }: Record<string, unknown>,
  { note }: CliContext,
): Promise<{ bytes: number; files: number }> {
  if (olderThan === undefined && maxSize === undefined) return pruneCache(Boolean(all));
  if (all) throw usageError("USAGE", "--all goes with no bound", "Name one or the other.");
  const maxBytes = maxSize === undefined ? Infinity : sizeBytes(String(maxSize));
  const trimmed = await trimCache({
    maxBytes,
    ...(olderThan !== undefined && { olderThanMs: ageMs(String(olderThan)) }),
  });
  const { held, spared } = trimmed;
  if (held === undefined) note("another process shrinks the cache just now");
  else if (held > maxBytes) note(`the cache still holds ${formatBytes(held)}: ${reasons(held, spared)}`);
  return trimmed;
}

/** Why what is above the bound stays. */
function reasons(held: number, spared: number): string {
  if (spared === 0) return "images need it, or it is being made";
  const rest = spared < held ? "; the rest images need, or it is being made" : "";
  const recent = `${formatBytes(spared)} was used too lately to go, by a build that may still run${rest}`;
  return `${recent}. With no build running, knbuild cache prune --all takes it`;
}
