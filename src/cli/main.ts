#!/usr/bin/env node
/** The CLI's entry. Keeps its imports few: `--version` and an unchanged build live from a quick start. */
import { commands } from "../generated/commands.ts";

declare const __KNBUILD_VERSION__: string;

const argv = process.argv.slice(2);
if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
  process.stdout.write(`${__KNBUILD_VERSION__}\n`);
} else {
  const { runCli } = await import("./run-cli.ts");
  process.exitCode = await runCli(argv, commands, __KNBUILD_VERSION__);
}
