/** The CLI, as dist/cli.js (made by scripts/pack.mjs) calls it. */
import { commands } from "../generated/commands.ts";
import { runCli } from "./run-cli.ts";

declare const __KNBUILD_VERSION__: string;

/**
 * Runs the command line and gives the exit code.
 * @param keepCode keeps the compiled code of this run for runs of the same kind
 */
export async function main(argv: string[], keepCode: (kind: string) => void): Promise<number> {
  return runCli(argv, commands, __KNBUILD_VERSION__, keepCode);
}
