/** The SPDX project's own validator. */
import { spawnSync } from "node:child_process";
import { pythonTool } from "./python-tool.ts";

/** `pyspdxtools`; undefined where it cannot be had. */
export function spdxValidator(): string | undefined {
  return pythonTool("spdx-tools", "0.8.3", "pyspdxtools");
}

/** What the validator says; empty when the document is valid. */
export function spdxComplaints(program: string, file: string): string {
  const result = spawnSync(program, ["-i", file], { encoding: "utf8" });
  return result.status === 0 ? "" : `${result.stdout}${result.stderr}`;
}
