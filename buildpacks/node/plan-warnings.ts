/** What a plan tells whatever it starts. */
import type { PlanWarning } from "../../src/sdk.ts";
import type { App } from "./app.ts";
import { calledScript } from "./build-script.ts";
import { databaseCommands } from "./database-commands.ts";
import { managerProgram, unknownManager } from "./manager.ts";

export function planWarnings(app: App): PlanWarning[] {
  return [...managerUnknown(app), ...voltaUnread(app), ...notRun(app), ...envFiles(app)];
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

/** `node --env-file=.env`, `env-cmd -f prod.env`, `dotenv -e .env --`, `dotenvx run -f .env --`. */
const ENV_FILE =
  /(?:--env-file(?:-if-exists)?[=\s]|\benv-cmd\s+(?:-f|--file)\s|(?<=\bdotenvx?\b(?:(?!\s--\s)[^|&;])*)\s-[ef]\s)\s*(["']?)([\w@./-]+)\1/g;

/** Such a file holds passwords as a rule: it stays out of the image, and what it says has to be said where the image runs. */
function envFiles({ start, manifest, source }: App): PlanWarning[] {
  const lines = (start?.through ?? []).map((name) => manifest?.scripts?.[name] ?? "");
  const files = new Set(lines.flatMap((line) => [...line.matchAll(ENV_FILE)].map(([, , file = ""]) => file)));
  return [...files].flatMap((file) => {
    const names = [...(source.read(file) ?? "").matchAll(/^\s*(?:export\s+)?(\w+)\s*=/gm)].map(([, name]) => name);
    if (names.length === 0) return [];
    return {
      code: "ENV_FILE_LEFT_OUT",
      message: `${start?.from} reads ${file}, which stays out of the image: ${names.join(", ")}`,
      where: file,
      hint: "Set these variables where the image runs; what is no secret can stand under `env` in knbuild.yaml.",
    };
  });
}
