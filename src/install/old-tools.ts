/** What builders of earlier years need of a Node that came after them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Variables for a build. webpack before 5 hashes with MD4, which OpenSSL 3 has in its legacy provider alone: no Node of today
 * builds with it otherwise. Before Node 17 it was OpenSSL 1.1, which ends over such a flag.
 * @param places directories whose node_modules the build sees
 */
export function variablesForOldTools(places: readonly string[], nodeMajor = 17): Record<string, string> {
  if (nodeMajor < 17) return {};
  const file = places.map((place) => join(place, "node_modules/webpack/package.json")).find((path) => existsSync(path));
  return file !== undefined && /"version"\s*:\s*"[1-4]\./.test(readFileSync(file, "utf8"))
    ? { NODE_OPTIONS: "--openssl-legacy-provider" }
    : {};
}
