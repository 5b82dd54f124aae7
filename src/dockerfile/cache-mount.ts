/** Whether a RUN keeps a directory out of the image by a cache or tmpfs mount. */
import { readMount } from "./mounts.ts";
import type { Instruction } from "./syntax.ts";

/** @param fragment part of the mount's target, `/var/cache/apk` */
export function hasCacheMount(run: Instruction, fragment: string): boolean {
  return run.flags.some((flag) => {
    if (flag.name !== "mount") return false;
    const { type, target = "" } = readMount(flag.value);
    return (type === "cache" || type === "tmpfs") && target.includes(fragment);
  });
}
