/** knbuild's own version: put in when dist/ is built, read from package.json when the sources run. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "./package-root.ts";

declare const __KNBUILD_VERSION__: string;

export function knbuildVersion(): string {
  if (typeof __KNBUILD_VERSION__ === "string") return __KNBUILD_VERSION__;
  return (JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as { version: string }).version;
}
