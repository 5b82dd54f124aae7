/** Where a server listens that no Dockerfile can move, for people. */
import type { Finding } from "../check/types.ts";
import type { CliContext } from "./command.ts";

export function tellPlaces(notes: readonly Finding[], context: Pick<CliContext, "note" | "style">): void {
  for (const { rule, message, location } of notes) {
    const line = location.region ? `:${location.region.startLine}` : "";
    context.note(`${context.style("yellow", "to be mended")} ${location.file}${line}: ${message} (${rule})`);
  }
}
