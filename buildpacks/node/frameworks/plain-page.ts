/** A member of a workspace that is a page as it lies: nothing builds it, nothing starts it. */
import { posix } from "node:path";
import { findSite } from "../../../src/sdk.ts";
import { findEntry } from "../entry.ts";
import type { Framework } from "../framework.ts";

export default {
  id: "plain-page",
  detect(app) {
    // Where nobody names the member, its page may only show what another one is.
    if (app.options.workspace === undefined || app.start || app.build) return undefined;
    const place = findSite(app.source);
    const program = findEntry(app).entry?.look;
    return place === undefined || (program && program.verdict !== "nothing")
      ? undefined
      : [posix.join(place, "index.html")];
  },
  plan({ source }) {
    const place = findSite(source) ?? ".";
    return {
      start: { static: place, spa: false },
      evidence: "a site of plain files: nothing to build or install",
      build: undefined,
    };
  },
} satisfies Framework;
