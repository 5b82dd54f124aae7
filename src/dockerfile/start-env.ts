/** Variables that a stage begins with. */
import { LayeredMap } from "./layered.ts";

const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const ONLY_PATH = new LayeredMap<string>([["PATH", DEFAULT_PATH]]);

/** @param baseEnv what the image sets; nothing is added to what comes back: a stage lays its own over it */
export function startEnv(baseEnv: Readonly<Record<string, string>> | undefined): LayeredMap<string> {
  const entries = Object.entries(baseEnv ?? {});
  return entries.length === 0 ? ONLY_PATH : new LayeredMap([["PATH", DEFAULT_PATH], ...entries]);
}
