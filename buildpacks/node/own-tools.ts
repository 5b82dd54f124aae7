/** Projects that only a tool of their own builds, which is no package of the project's: no script of theirs makes a server. */
import { KnbuildError } from "../../src/sdk.ts";
import type { App } from "./app.ts";
import { missingEntry } from "./no-entry.ts";

interface OwnTool {
  /** File of the project that says whose it is. */
  evidence(app: App): string | undefined;
  /** As a subject. */
  what: string;
  hint: string;
}

const file = (path: string) => (app: App) => (app.source.isFile(path) ? path : undefined);

const TOOLS: readonly OwnTool[] = [
  {
    evidence: file(".meteor/release"),
    what: "a Meteor project is built by the meteor tool, which npm does not have",
    hint: "Run `meteor build --directory ../out --server-only` and build ../out/bundle, whose main.js is a Node server, or write a Dockerfile that does both.",
  },
  {
    evidence: (app) => ["main.wasp", "main.wasp.ts"].find((path) => app.source.isFile(path)),
    what: "a Wasp project is built by the wasp tool, which writes the server, the client and the package that they import",
    hint: "Run `wasp build`: it leaves a Dockerfile in .wasp/out (or .wasp/build), which knbuild builds.",
  },
  {
    evidence: file("encore.app"),
    what: "an Encore project is built by the encore tool, which npm does not have",
    hint: "Run `encore build docker IMAGE`, or write a Dockerfile that has the tool.",
  },
  {
    // Its two sides are members of a workspace, and the root starts nothing until a script says so.
    evidence: (app) => (app.start || app.member !== "." ? undefined : file("redwood.toml")(app)),
    what: "a RedwoodJS project is built and served by the rw tool, and no script of package.json calls it",
    hint: 'Add "build": "rw build" and "start": "rw serve" to the scripts of package.json.',
  },
];

/** @throws FRAMEWORK_UNSUPPORTED where the project is one of these, ENTRYPOINT_NOT_FOUND where foreman's list of processes is missing */
export function assertNoOwnTool(app: App): void {
  if (app.start?.kind === "tool" && app.start.target === "nf" && !app.source.isFile("Procfile"))
    throw missingEntry(app, "Procfile", `${app.start.from} (nf)`);
  for (const { evidence, what, hint } of TOOLS) {
    const found = evidence(app);
    if (found === undefined) continue;
    throw new KnbuildError({ code: "FRAMEWORK_UNSUPPORTED", message: what, where: found, hint });
  }
}
