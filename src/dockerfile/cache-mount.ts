/** Whether a RUN keeps a directory out of the image by a cache or tmpfs mount. */
import { readMount } from "./mounts.ts";
import type { Instruction } from "./syntax.ts";

/** @param fragment part of the mount's target, `/var/cache/apk`, `.cache/pip`: a mount of what it lies in holds it too */
export function hasCacheMount(run: Instruction, fragment: string): boolean {
  return keptOut(run).some((target) => target.includes(fragment) || holds(target, fragment));
}

/** As `hasCacheMount`, but the mount is there or below. */
export function hasCacheMountAt(run: Instruction, fragment: string): boolean {
  return keptOut(run).some((target) => target.includes(fragment));
}

function keptOut(run: Instruction): string[] {
  return run.flags.flatMap((flag) => {
    if (flag.name !== "mount") return [];
    const { type, target = "" } = readMount(flag.value);
    return type === "cache" || type === "tmpfs" ? [target] : [];
  });
}

/** `/var/cache` holds `/var/cache/apt`, `/root/.cache` holds `.cache/pip`. */
function holds(target: string, fragment: string): boolean {
  const folder = target.replace(/\/+$/, "");
  for (let slash = fragment.lastIndexOf("/"); slash > 0; slash = fragment.lastIndexOf("/", slash - 1)) {
    const above = fragment.slice(0, slash);
    if (fragment.startsWith("/") ? folder === above : folder.endsWith(`/${above}`)) return true;
  }
  return false;
}
