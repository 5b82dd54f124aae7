/** What the program's own streams are like. */

/** NO_COLOR and FORCE_COLOR as no-color.org and Node have them. */
export function useColor(stream: NodeJS.WriteStream): boolean {
  if (process.env["NO_COLOR"]) return false;
  if (process.env["FORCE_COLOR"] && process.env["FORCE_COLOR"] !== "0") return true;
  return Boolean(stream.isTTY) && process.env["TERM"] !== "dumb";
}

/** What the form of the output depends on, besides the words of the call and its environment. */
export function outputLook(): unknown[] {
  return [useColor(process.stdout), Boolean(process.stdout.isTTY), process.stdout.columns ?? 0];
}

/**
 * `knbuild … | head`: the reader may leave before the end; the work goes on, and the exit code says how it went. On a full disk
 * the work goes on too, and has failed: its answer is cut off.
 */
export function surviveClosedPipe(stream: NodeJS.WriteStream): void {
  if (stream.listenerCount("error") > 0) return;
  let isTold = false;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" || isTold) return;
    isTold = true;
    process.once("exit", () => {
      process.exitCode ||= 1;
    });
    if (stream === process.stdout)
      process.stderr.write(
        `error[OUTPUT_FAILED]: what goes to the standard output cannot be written: ${error.message}\nhint: Give it a place that has room.\n`,
      );
  });
}
