/** Modules that export what answers requests and leave listening to somebody else: a server of knbuild's imports them. */
import { isForOthers, type ServerLook } from "../../src/sdk.ts";
import type { App } from "./app.ts";
import { listenersBelow } from "./no-entry.ts";
import { exported } from "./program-kind.ts";

/**
 * @returns what is served, for the evidence. Undefined: the program listens itself; or it exports an app of a framework's, and
 * a start script names a program that only has to be mended, another file listens, or the package is one for other programs.
 */
export function servedExport(app: App, look: ServerLook | undefined): string | undefined {
  if (look?.verdict === "exports-fetch") return "a fetch handler";
  if (look?.verdict !== "exports-app") return undefined;
  if (app.options.entrypoint === undefined && (app.start || isForOthers(app.source) || listenersBelow(app).length > 0))
    return undefined;
  return `${exported(look)}, and nothing calls listen()`;
}
