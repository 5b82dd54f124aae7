/** Where the engine works: the app's sources with their dependencies beside them, and what the build commands made. */
import { relative } from "node:path";
import { step as progressStep } from "../base/events.ts";
import { type InstallContext, type InstallResult, installDependencies, runHostCommands } from "../install/index.ts";
import type { HostCommandStep, InstallStep, Plan } from "../plan/types.ts";
import { assertMadeServes, assertServes, withDoubt } from "../source/assert-serves.ts";
import type { Source } from "../source/open.ts";
import { stageSource } from "../source/stage.ts";
import type { StatCache } from "../source/stat-cache.ts";
import type { EngineContext } from "./types.ts";

export interface Workspace {
  /** The app: the user's own directory where nothing has to be written, else a copy in the cache. */
  appDir: string;
  /** Directory above (or equal to) it whose node_modules serve it. */
  modulesRoot: string;
  /** What the ignore files leave out of the user's own directory, by absolute path. A copy was made without it. */
  ignores(path: string): boolean;
}

export type Timed = <T>(name: string, task: () => Promise<T>) => Promise<T>;

/** Installs and builds what the plan says; the user's tree stays as it is. */
export async function prepareWorkspace(
  plan: Plan,
  context: EngineContext,
  statCache: StatCache,
  timed: Timed,
): Promise<Workspace> {
  const source = plan.member ? context.source.at(plan.member) : context.source;
  try {
    return await prepare(plan, source, context, statCache, timed);
  } catch (error) {
    throw withDoubt(error, plan.entrypoint, source);
  }
}

async function prepare(
  plan: Plan,
  source: Source,
  context: EngineContext,
  statCache: StatCache,
  timed: Timed,
): Promise<Workspace> {
  const commands = plan.steps.filter((step): step is HostCommandStep => step.type === "host-command");
  const install = plan.steps.find((step): step is InstallStep => step.type === "install");
  const installing: InstallContext = {
    source,
    cacheDir: context.cacheDir,
    stage: (tree, destination) => void stageSource(tree as Source, destination),
    digest: (path) => statCache.digest(path),
    env: context.env,
    emit: context.emit,
    signal: context.signal,
    npmConfig: () => context.npmConfig(source.root),
    needsCopy: commands.length > 0,
    fresh: context.fresh,
  };
  let workspace: Pick<Workspace, "appDir" | "modulesRoot"> = { appDir: source.root, modulesRoot: source.root };
  let installed: InstallResult | undefined;
  if (install) {
    const made = await timed("install", () =>
      progressStep(
        context.emit,
        "install",
        `install (${install.packageManager})`,
        () => installDependencies(install, installing),
        describeInstall,
      ),
    );
    installed = made;
    workspace = { appDir: made.appDir, modulesRoot: made.modulesRoot };
    assertServes(plan.entrypoint, made.appDir);
  }
  if (commands.length > 0) {
    const label = commands.map(({ argv }) => argv.join(" ")).join(" && ");
    const built = await timed("build", () =>
      progressStep(
        context.emit,
        "build",
        label,
        () =>
          runHostCommands(
            commands,
            installing,
            install && installed ? { step: install, result: installed } : undefined,
          ),
        ({ cached }) => ({ cached }),
      ),
    );
    workspace = { appDir: built.appDir, modulesRoot: built.modulesRoot };
    assertMadeServes(plan.entrypoint, built.appDir);
  }
  const inPlace = workspace.appDir === source.root;
  const ignores = (path: string) => {
    const name = relative(source.root, path);
    return inPlace && !name.startsWith("..") && source.ignore.ignores(name);
  };
  return { ...workspace, ignores };
}

function describeInstall(result: InstallResult): { cached: boolean; note: string } {
  return {
    cached: result.cached,
    note: `${result.packages} packages${result.origin === "in-place" ? ", node_modules as they are" : ""}`,
  };
}
