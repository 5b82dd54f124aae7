/** What a plan tells whatever it starts. */
import type { PlanWarning } from "../../src/sdk.ts";
import type { App } from "./app.ts";
import { calledScript } from "./build-script.ts";
import { databaseCommands } from "./database-commands.ts";
import { managerProgram, unknownManager } from "./manager.ts";

export function planWarnings(app: App): PlanWarning[] {
  return [...managerUnknown(app), ...voltaUnread(app), ...notRun(app)];
}

function managerUnknown({ manifest, manager }: App): PlanWarning[] {
  const name = unknownManager(manifest);
  if (name === undefined) return [];
  return [
    {
      code: "PACKAGE_MANAGER_UNKNOWN",
      message: `packageManager in package.json names ${name}, which knbuild does not know: ${managerProgram({ manager })} installs`,
      where: "package.json",
      hint: "Name npm, pnpm, yarn or bun there, or give the command: `install` in knbuild.yaml.",
    },
  ];
}

function voltaUnread({ manifest }: App): PlanWarning[] {
  const trouble = manifest?.voltaTrouble;
  if (!trouble) return [];
  return [
    {
      code: "VOLTA_UNREADABLE",
      message: `what volta.extends in package.json names counts as saying nothing: ${trouble.message}`,
      where: trouble.where ?? "package.json",
      hint: "Mend that file, or name another in volta.extends.",
    },
  ];
}

/** What the start script does to a database first has no place in an instance, of which many start at once. */
function notRun({ start, manifest, build }: App): PlanWarning[] {
  const left = (start?.before ?? []).filter((command) => build === undefined || calledScript(command) !== build.name);
  return databaseCommands(left, manifest?.scripts ?? {}).map((command) => ({
    code: "START_COMMAND_LEFT_OUT",
    message: `${start?.from} runs \`${command}\` before the server; the image starts the server alone`,
    where: "package.json",
    hint: "Run it once for a new version, before that serves: as a job, or from a machine that reaches the database.",
  }));
}
