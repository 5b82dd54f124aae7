/** Where the engine works: the app's sources with their dependencies beside them, and what the build commands made. */
import { join, resolve } from "node:path";
import type { Plan } from "../plan/types.ts";
import type { EngineContext } from "./types.ts";

export interface Workspace {
  /** The app: the user's own directory where nothing has to be written, else a staging copy. */
  appDir: string;
  /** Directory above (or equal to) it whose node_modules serve it. */
  modulesRoot: string;
  /** Files outside the source tree that decided something, absolute. */
  inputs: string[];
  modulesBytes?: number;
}

type Timed = <T>(name: string, task: () => Promise<T>) => Promise<T>;

export async function prepareWorkspace(plan: Plan, context: EngineContext, _timed: Timed): Promise<Workspace> {
  const appDir = plan.member ? join(context.sourceDir, plan.member) : context.sourceDir;
  const install = plan.steps.find((step) => step.type === "install");
  return { appDir, modulesRoot: install?.workspaceRoot ? resolve(appDir, install.workspaceRoot) : appDir, inputs: [] };
}
