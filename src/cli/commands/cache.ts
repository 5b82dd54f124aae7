import { usageError } from "../../base/errors.ts";
import { loadConfig } from "../../config/load.ts";
import { cacheInfo, pruneCache, verifyCache } from "../../pipeline/images.ts";
import { ageMs, sizeBytes, trimCache } from "../../pipeline/trim-cache.ts";
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
      examples: [],
      async run(_args, _options, context) {
        const { cacheMaxSize } = loadConfig({ dir: context.cwd, cwd: context.cwd, env: context.env }).config;
        const maxBytes = sizeBytes(cacheMaxSize);
        const info = { ...(await cacheInfo()), maxBytes: maxBytes ?? null };
        if (context.json) {
          context.printJson(info);
          return 0;
        }
        const rows = [
          ["directory", info.dir],
          [
            "bound",
            maxBytes === undefined ? "none" : `${formatBytes(maxBytes)} (cacheMaxSize, KNBUILD_CACHE_MAX_SIZE)`,
          ],
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
      examples: [],
      configure(command) {
        command
          .option("--all", "also what only makes the next build fast: cached layers, installs, records")
          .option("--older-than <span>", "what was not used for so long, whatever it is good for: 7d, 36h")
          .option("--max-size <size>", "then what was not used for longest, until the cache holds no more: 5GB")
          .option("--bound", "down to the configured bound (cacheMaxSize), as builds have it done once a day");
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
      examples: [],
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

function prune(options: Record<string, unknown>, { cwd, env }: CliContext): Promise<{ bytes: number; files: number }> {
  const { olderThan, maxSize, bound } = options;
  if (olderThan === undefined && maxSize === undefined && !bound) return pruneCache(Boolean(options["all"]));
  if (options["all"]) throw usageError("USAGE", "--all goes with no bound", "Name one or the other.");
  const configured = bound ? loadConfig({ dir: cwd, cwd, env }).config.cacheMaxSize : undefined;
  const size = maxSize === undefined ? configured : String(maxSize);
  return trimCache({
    ...(size !== undefined && { maxBytes: sizeBytes(size) }),
    ...(olderThan !== undefined && { olderThanMs: ageMs(String(olderThan)) }),
  });
}
