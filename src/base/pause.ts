import { setTimeout as sleep } from "node:timers/promises";
import { interrupted } from "./errors.ts";

/** Waits, or throws INTERRUPTED. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal ? { signal } : undefined);
  } catch {
    throw interrupted(signal?.reason);
  }
}
