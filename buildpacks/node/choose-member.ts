/** The app among the members of a workspace whose root starts nothing, or several of them side by side. */
import { KnbuildError } from "../../src/sdk.ts";
import type { App } from "./app.ts";
import { findEntry } from "./entry.ts";
import { findFramework } from "./frameworks.ts";

/**
 * The app itself, or the one member that is a server, or else the one that is a site; of several the one that is made of
 * the others, or the first that the root's start script names.
 */
export function chooseMember(app: App): App {
  const led = app.start !== undefined;
  if (!app.candidates || (!led && isApp(app))) return app;
  const all = app.candidates();
  const apps = all.filter(isApp);
  const servers = apps.filter((candidate) => !isSite(candidate));
  const meant = [servers, apps, led ? all : []].find((some) => some.length > 0) ?? [];
  if (meant.length === 1 || led) return meant[0] as App;
  const [top, second] = meant.filter((one) => !meant.some((other) => other !== one && isMadeOf(other, one)));
  if (top === undefined || second !== undefined) return app;
  return {
    ...top,
    memberEvidence: `it depends on ${meant
      .filter((one) => isMadeOf(top, one))
      .map(({ member }) => member)
      .join(", ")}`,
  };
}

/** For development alone it may be for the other's types. */
function isMadeOf({ manifest }: App, part: App): boolean {
  const name = part.manifest?.name;
  return name !== undefined && manifest?.dependencies[name] !== undefined;
}

/** @throws WORKSPACE_AMBIGUOUS where several members are apps and nothing says which is meant */
export function assertOneMember(app: App): void {
  if (!app.candidates || isApp(app) || chooseMember(app) !== app) return;
  const apps = app.candidates().filter(isApp);
  if (apps.length < 2) return;
  throw new KnbuildError({
    code: "WORKSPACE_AMBIGUOUS",
    message: `this workspace has ${apps.length} apps: ${apps.map(({ member, nx }) => nx?.path ?? member).join(", ")}`,
    where: app.source.root,
    hint: "Build one of their directories, or name one: `workspace` in knbuild.yaml.",
  });
}

function isApp(app: App): boolean {
  if (findFramework(app)) return true;
  const verdict = findEntry(app).entry?.look?.verdict;
  return verdict === "serves" || verdict === "exports-fetch" || (app.start?.kind === "file" && verdict === "unknown");
}

function isSite(app: App): boolean {
  try {
    const plan = findFramework(app)?.framework.plan(app);
    return plan !== undefined && "static" in plan.start;
  } catch {
    return false; // A framework that says what to change is a server that is meant.
  }
}
