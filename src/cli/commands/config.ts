import { resolve } from "node:path";
import { loadConfig } from "../../config/load.ts";
import { configJsonSchema } from "../../config/schema.ts";
import { defineCommand } from "../command.ts";
import { formatTable } from "../format.ts";

export default defineCommand({
  usage: "config [dir]",
  summary: "Show the configuration in force and where each value came from",
  examples: ["knbuild config", "knbuild config --json services/api", "knbuild config schema > knbuild.schema.json"],
  configure(command) {
    command.option("--config <file>", "configuration file (default: knbuild.yaml, or the knbuild key of package.json)");
  },
  async run([dir = "."], options, context) {
    if (dir === "schema") {
      context.printJson(configJsonSchema());
      return 0;
    }
    const loaded = loadConfig({
      dir: resolve(context.cwd, dir as string),
      cwd: context.cwd,
      env: context.env,
      file: options["config"] as string | undefined,
    });
    const entries = Object.keys(loaded.sources)
      .sort()
      .map((key) => ({
        key,
        value: loaded.config[key as keyof typeof loaded.config],
        source: loaded.sources[key] as string,
      }));
    if (context.json) {
      context.printJson({
        file: loaded.file ?? null,
        values: Object.fromEntries(entries.map(({ key, value, source }) => [key, { value: value ?? null, source }])),
      });
    } else {
      context.print(
        formatTable(
          entries.map(({ key, value, source }) => [
            key,
            value === undefined ? "-" : JSON.stringify(value),
            context.style("dim", source),
          ]),
        ),
      );
    }
    return 0;
  },
});
