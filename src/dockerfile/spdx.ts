/** Licence ids of the SPDX list. */
import { readFileSync } from "node:fs";
import { templatePath } from "../base/package-root.ts";

let ids: Set<string> | undefined;

export function isSpdxLicense(id: string): boolean {
  ids ??= new Set(
    (JSON.parse(readFileSync(templatePath("catalogue", "spdx-licenses.json"), "utf8")) as { ids: string[] }).ids,
  );
  return ids.has(id);
}
