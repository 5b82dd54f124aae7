/** The memory of this process, where another one needs it too. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Lets the place for new objects grow at once to what an edit's build needs (V8 doubles it as a rule, and the program's start
 * keeps it small): a dozen collections less, for some megabytes more.
 */
export function growNursery(): void {
  setFlagsFromString("--semi-space-growth-factor=4");
}

/** Gives back what is garbage: left to itself V8 waits until a heap has grown to many times the size that ours has. */
export function collectGarbage(): void {
  for (const flag of ["--expose-gc", "--compact-on-every-full-gc"]) setFlagsFromString(flag);
  (runInNewContext("gc") as () => void)();
  for (const flag of ["--no-expose-gc", "--no-compact-on-every-full-gc"]) setFlagsFromString(flag);
}
