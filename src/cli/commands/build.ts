import type { Command } from "commander";
import { buildImages } from "../../pipeline/build-images.ts";
import type { BuildReport } from "../../pipeline/build-types.ts";
import { writeCiReports } from "../../pipeline/ci-report.ts";
import { addBuildOptions, joinAllowedSecrets, toBuildOptions } from "../build-options.ts";
import { defineCommand } from "../command.ts";
import { printReport } from "../print-report.ts";
import { trimLater } from "../trim-later.ts";
import { watchAndPrint } from "../watch.ts";

export default defineCommand({
  usage: "build [dirs...]",
  summary: "Build an image from a source directory (the default command)",
  examples: [
    "knbuild .                                        # into the local store; then: knbuild run .",
    "knbuild . -t localhost:5000/hello:v1 --push",
    "KNBUILD_REPO=europe-docker.pkg.dev/my-project/apps knbuild .",
    "knbuild . -o type=oci,dest=hello.tar",
    "knbuild . --load docker",
    "knbuild services/api services/web                # several images at once",
    "knbuild . --watch                                # and again on every change",
    "knbuild . --base gcr.io/distroless/nodejs24-debian13",
  ],
  ownsInterrupt: true,
  rewrite: joinAllowedSecrets,
  configure: (command: Command) => {
    addBuildOptions(command);
    command.option("--watch", "build again whenever a file changes, until Ctrl-C; says how long each took");
  },
  async run([dirs], options, context) {
    const wanted = (dirs as string[] | undefined)?.length ? (dirs as string[]) : ["."];
    const asked = toBuildOptions(options, context);
    if (options["watch"] === true) return await watchAndPrint(wanted, asked, context);
    const { reports, several } = await buildImages(wanted, { ...asked, call: context.argv });
    context.kindOfRun(kindOf(reports));
    for (const report of reports) {
      await writeCiReports(report, context.env);
      if (!context.json) printReport(report, context);
    }
    if (context.json) context.printJson(several ? reports : reports[0]);
    await trimLater(wanted, asked);
    return context.signal.aborted ? 130 : 0;
  },
});

/** Nothing to do, or which kinds of layers were made. */
function kindOf(reports: readonly BuildReport[]): string {
  const made = reports.flatMap(({ unchanged, layers }) =>
    unchanged ? ["unchanged"] : layers.filter(({ cached }) => !cached).map(({ kind }) => kind),
  );
  return [...new Set(made)].sort().join(" ");
}
