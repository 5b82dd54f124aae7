/** A program that the start script has a runner fetch (`npx serve`): part of the image, as nothing is fetched when it starts. */
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { InstallStep } from "../plan/types.ts";
import { binsOf } from "./bin-links.ts";
import { addPackage, type ManagerRun } from "./run-manager.ts";

/** @param tree that holds the installation @param member path of the app below it, `.` for the tree itself */
export function hasProgram(tree: string, member: string, program: string): boolean {
  return folders(tree, member).some((folder) => existsSync(join(folder, "node_modules/.bin", program)));
}

/**
 * Adds its package where no dependency brings the program, and says so.
 * @throws INSTALL_FAILED
 */
export async function addProgram(run: ManagerRun, program: NonNullable<InstallStep["program"]>): Promise<void> {
  const { tree, member, context, step } = run;
  const { name, package: spec } = program;
  if (hasProgram(tree, member, name)) return;
  await addPackage(run, spec);
  linkOnly(tree, member, name, spec);
  const manager = step.packageManager === "yarn-berry" ? "yarn" : step.packageManager;
  const bare = withoutVersion(spec);
  context.emit({
    type: "warning",
    code: "PROGRAM_FETCHED",
    message: `the start script has ${spec} fetched, which no dependency names: the image has what the registry gave today`,
    where: "package.json",
    hint: `${manager} ${manager === "npm" ? "install" : "add"} ${bare} makes it a dependency, whose version stays.`,
  });
}

/** A package whose only program has another name: that one is meant. */
function linkOnly(tree: string, member: string, program: string, spec: string): void {
  if (hasProgram(tree, member, program)) return;
  const package_ = withoutVersion(spec);
  for (const folder of folders(tree, member)) {
    const manifest = join(folder, "node_modules", package_, "package.json");
    if (!existsSync(manifest)) continue;
    const paths = Object.values(binsOf(package_, JSON.parse(readFileSync(manifest, "utf8")).bin));
    const links = join(folder, "node_modules/.bin");
    if (paths.length === 1 && existsSync(links))
      symlinkSync(relative(links, join(dirname(manifest), paths[0] as string)), join(links, program));
    return;
  }
}

function withoutVersion(spec: string): string {
  return spec.replace(/(?<=.)@[^/]*$/, "");
}

/** The app's directory and those above it in the tree. */
function folders(tree: string, member: string): string[] {
  const found: string[] = [];
  for (let path = member; path !== "." && path !== ""; path = dirname(path)) found.push(join(tree, path));
  return [...found, tree];
}
