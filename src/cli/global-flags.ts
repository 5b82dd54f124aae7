/** What every command has, and how a command line begins. */

import { TELLING_FLAGS } from "../pipeline/build-words.ts";

export interface GlobalFlags {
  json: boolean;
  debug: boolean;
  quiet: boolean;
}

/** Known before commander has parsed, so that a usage error is reported in the right form too. */
export function globalFlags(argv: readonly string[]): GlobalFlags {
  const own = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  return {
    json: own.includes("--json"),
    debug: own.includes("--debug"),
    quiet: own.includes("--quiet") || own.includes("-q"),
  };
}

/** Global flags before everything else. */
export function countLeading(argv: readonly string[]): number {
  const at = argv.findIndex((argument) => !TELLING_FLAGS.includes(argument));
  return at < 0 ? argv.length : at;
}

/** A flag or a path, where the command would stand: its default is meant. */
export function isNoCommand(word: string): boolean {
  return word.startsWith("-") || /[/\\.]/.test(word);
}
