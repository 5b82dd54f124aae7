/** apt's way with its own configuration: what cannot be read is not there. */
import { readdirSync, readFileSync } from "node:fs";

/** The names in a directory, in order. */
export function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir).sort();
  } catch {
    return [];
  }
}

export function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
