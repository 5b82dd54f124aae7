import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { detect } from "../../pipeline/detect.ts";
import { optionsOf } from "../../pipeline/plan-options.ts";
import { defineCommand } from "../command.ts";

export default defineCommand({
  usage: "detect [directory]",
  summary: "Show what kind of app a directory holds, and the evidence",
  examples: ["knbuild detect", "knbuild detect services/api --json"],
  configure(command) {
    command.option("--workspace <name>", "member of a monorepo");
    command.option("--entrypoint <file>", "file that starts the server");
    command.option("--buildpack <id>", "buildpack to use, whatever else is detected");
  },
  async run([directory], flags, context) {
    const dir = resolve(context.cwd, (directory as string | undefined) ?? ".");
    const report = detect(dir, optionsOf(dir, flags, context.cwd, context.env));
    if (context.json) {
      context.printJson(report);
      return 0;
    }
    if (existsSync(join(dir, "Dockerfile"))) context.print("a Dockerfile: a build takes that");
    else if (report.candidates.length === 0) context.print("nothing that knbuild knows how to build");
    for (const candidate of report.candidates) {
      const chosen = candidate.buildpack === report.selected;
      const facts = [
        candidate.framework,
        candidate.packageManager,
        candidate.runtimeVersion && `version ${candidate.runtimeVersion}`,
        candidate.entrypoint && `starts ${candidate.entrypoint}`,
      ];
      const head = `${candidate.buildpack} (score ${candidate.score}): ${facts.filter(Boolean).join(", ") || "no entry found"}`;
      context.print(chosen ? context.style("bold", head) : head);
      for (const line of candidate.evidence) context.print(context.style("dim", `  ${line}`));
    }
    return 0;
  },
});
