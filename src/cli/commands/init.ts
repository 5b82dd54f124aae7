import { resolve } from "node:path";
import { planInit, writeInit } from "../../pipeline/init.ts";
import { placeNotes } from "../../pipeline/init-notes.ts";
import { defineCommand } from "../command.ts";
import { tellPlaces } from "../tell-places.ts";

export default defineCommand({
  usage: "init [dir]",
  summary: "Write a Dockerfile, .dockerignore, service.yaml, cloudbuild.yaml and knbuild.yaml for what is detected",
  examples: ["knbuild init", "knbuild init --dry-run services/api", "knbuild init --force"],
  configure(command) {
    command
      .option("--dry-run", "show what would be written")
      .option("--force", "overwrite files that differ (the difference is shown)")
      .option("--language <language>", "instead of the detected one")
      .option("--workspace <member>", "the app's package or directory in a monorepo");
  },
  async run([dir = "."], options, context) {
    const directory = resolve(context.cwd, dir as string);
    const language = options["language"] as string | undefined;
    const workspace = options["workspace"] as string | undefined;
    const report = planInit(directory, {
      ...(language !== undefined && { language }),
      ...(workspace !== undefined && { workspace }),
    });
    const dockerfile = report.files.find(({ path }) => path === "Dockerfile")?.text ?? "";
    // Before anything is written: what is wrong with the configuration is said here.
    const notes = await placeNotes(directory, dockerfile);
    const written = options["dryRun"] ? [] : writeInit(directory, report, options["force"] === true);
    if (context.json) {
      context.printJson({ ...report, written, notes });
      return 0;
    }
    const { language: found, framework, evidence } = report.detection;
    context.print(`${found}${framework ? `, ${framework}` : ""}: ${evidence.join(", ")}`);
    let kept = 0;
    for (const { path, state, diff, text } of report.files) {
      if (written.includes(path)) context.print(`${context.style("green", "written")} ${path}`);
      else if (state === "new") context.print(`${context.style("cyan", "would write")} ${path}\n${text}`);
      else if (state === "same") context.print(`${context.style("dim", "as it is")} ${path}`);
      else {
        kept++;
        context.print(`${context.style("yellow", "kept")} ${path}`);
      }
      if (diff) context.print(diff.trimEnd());
    }
    if (kept > 0 && !options["dryRun"]) context.note(`${kept} kept as they are; --force overwrites them`);
    tellPlaces(notes, context);
    return 0;
  },
});
