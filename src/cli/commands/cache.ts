import { cacheInfo, pruneCache, verifyCache } from "../../pipeline/images.ts";
import { defineCommand } from "../command.ts";
import { formatBytes, formatTable } from "../format.ts";

export default defineCommand({
  usage: "cache",
  summary: "Show, shrink or check the store and the cache",
  examples: ["knbuild cache info", "knbuild cache prune", "knbuild cache prune --all", "knbuild cache verify"],
  subcommands: [
    {
      usage: "info",
      summary: "Where the cache is and what it holds",
      examples: [],
      async run(_args, _options, context) {
        const info = await cacheInfo();
        if (context.json) {
          context.printJson(info);
          return 0;
        }
        const rows = [
          ["directory", info.dir],
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
        command.option("--all", "also what only makes the next build fast: cached layers, installs, records");
      },
      async run(_args, options, context) {
        const freed = await pruneCache(Boolean(options["all"]));
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
