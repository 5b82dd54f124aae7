/** Signals that end work. */
import { setMaxListeners } from "node:events";

/** Aborted as soon as one of them is. As many may listen as want to: every request and child process of a run does. */
export function firstOf(...signals: AbortSignal[]): AbortSignal {
  const first = AbortSignal.any(signals);
  setMaxListeners(0, first);
  return first;
}
