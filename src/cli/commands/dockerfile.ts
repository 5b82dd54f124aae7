import { resolve } from "node:path";
import { planInit, writeInit } from "../../pipeline/init.ts";
import { placeNotes } from "../../pipeline/init-notes.ts";
import { defineCommand } from "../command.ts";
import { tellPlaces } from "../tell-places.ts";

export default defineCommand({
  usage: "dockerfile [dir]",
  summary: "Print a Dockerfile for what is detected, or write it",
  examples: ["knbuild dockerfile", "knbuild dockerfile --write", "knbuild dockerfile --language go"],
  configure(command) {
    command
      .option("--write", "write it instead of printing it")
      .option("--dry-run", "print it, and what differs from the one that is there; write nothing")
      .option("--force", "overwrite one that differs")
      .option("--language <language>", "instead of the detected one")
      .option("--workspace <member>", "the app's package or directory in a monorepo");
  },
  async run([dir = "."], options, context) {
    const directory = resolve(context.cwd, dir as string);
    const language = options["language"] as string | undefined;
    const workspace = options["workspace"] as string | undefined;
    const write = options["write"] === true && options["dryRun"] !== true;
    const report = planInit(directory, {
      only: ["Dockerfile"],
      ...(language !== undefined && { language }),
      ...(workspace !== undefined && { workspace }),
    });
    const [file] = report.files;
    const notes = await placeNotes(directory, file?.text ?? "");
    if (context.json) context.printJson({ ...report, notes });
    else if (!write) context.print((file?.text ?? "").trimEnd());
    tellPlaces(notes, context);
    if (options["dryRun"] && file?.diff) context.note(file.diff.trimEnd());
    if (!write) return 0;
    const written = writeInit(directory, report, options["force"] === true);
    if (written.length > 0) context.note("Dockerfile written");
    else if (file?.state === "different") {
      context.note(file.diff.trimEnd());
      context.note("another Dockerfile is there; --force overwrites it");
      return 1;
    }
    return 0;
  },
});
