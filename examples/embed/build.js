// Builds the directory that is named on the command line and says, as JSON, what came out.
import { build, KnbuildError } from "knbuild";

/** @type {import("knbuild").Emit} */
function show(event) {
  switch (event.type) {
    case "step-start":
      console.error(`… ${event.label}`);
      break;
    case "step-end":
      console.error(`✓ ${event.label} (${Math.round(event.durationMs)} ms${event.cached ? ", cached" : ""})`);
      break;
    case "warning":
      console.error(`! ${event.code}: ${event.message}`);
      break;
  }
}

// Ctrl-C ends the build and leaves nothing half done.
const controller = new AbortController();
process.once("SIGINT", () => controller.abort());

const [dir = ".", ...tags] = process.argv.slice(2);
try {
  const report = await build({ dir, tags, push: tags.length > 0, emit: show, signal: controller.signal });
  console.log(JSON.stringify({ name: report.name, digest: report.digest, unchanged: report.unchanged }, null, 2));
} catch (error) {
  if (!(error instanceof KnbuildError)) throw error;
  // The code is what programs match on; the message and the hint are for people.
  console.error(`${error.code}: ${error.message}`);
  if (error.hint) console.error(error.hint);
  process.exitCode = error.exitCode;
}
