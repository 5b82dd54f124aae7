/** `--watch`: a line for each build, an error where one failed, and on with the next change. */
import { basename, resolve } from "node:path";
import { buildTargets } from "../pipeline/build-images.ts";
import type { BuildOptions } from "../pipeline/build-types.ts";
import { type Rebuild, watchBuild } from "../pipeline/watch.ts";
import type { CliContext } from "./command.ts";
import { formatDuration } from "./format.ts";
import { printReport } from "./print-report.ts";
import { reportError } from "./report-error.ts";

/** @returns the exit code: Ctrl-C is its ordinary end */
export async function watchAndPrint(
  dirs: readonly string[],
  options: Omit<BuildOptions, "dir">,
  context: CliContext,
): Promise<number> {
  const { builds } = await buildTargets(dirs, options);
  const flags = { json: context.json, debug: context.debug, quiet: false };
  await Promise.all(
    builds.map((one) =>
      watchBuild(
        { ...one, signal: context.signal },
        {
          built(rebuild) {
            const name = builds.length > 1 ? `${basename(resolve(context.cwd, one.dir))}: ` : "";
            if (rebuild.changed.length > 0) return printRebuild(rebuild, context, "", {}, name);
            if (context.json) context.print(JSON.stringify(rebuild.report));
            else printReport(rebuild.report, context);
            context.note(`${name}watching; Ctrl-C ends it`);
          },
          failed: (error) => void reportError(error, flags),
        },
      ),
    ),
  );
  return 0;
}

/** One line a change; with `--json` one JSON document a line. */
export function printRebuild(
  { report, changed, bundleMs, imageMs }: Rebuild,
  context: CliContext,
  more = "",
  moreJson: Record<string, number> = {},
  name = "",
): void {
  if (context.json) {
    const times = { ...(bundleMs !== undefined && { bundleMs: Math.round(bundleMs) }), imageMs: Math.round(imageMs) };
    context.print(JSON.stringify({ changed, ...times, ...moreJson, report }));
    return;
  }
  if (changed.length === 0) return;
  const [first] = changed;
  const what = changed.length > 1 ? `${first} and ${changed.length - 1} more` : first;
  const bundled = bundleMs === undefined ? "" : `bundle ${formatDuration(bundleMs)}, `;
  context.print(
    `${name}${what} changed: ${bundled}image ${formatDuration(imageMs)}${more} ${context.style("dim", report.digest.slice(0, 19))}`,
  );
}
