/** What a command line has to do with what is built, told without reading all of it. */

/** Flags of every command: how it is told what came out. */
export const TELLING_FLAGS = ["--json", "--debug", "--quiet", "-q"];

/** A command line without those: what it builds is the same. */
export function withoutTelling(argv: readonly string[]): string[] {
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
  return argv.filter((word, i) => i >= end || !TELLING_FLAGS.includes(word));
}

/** Stands where a name stood; no argument can hold it. */
const NAME = "\0";

/**
 * What looks like `-t NAME`, `--tag NAME` or `--tag=NAME`. Whether it is one, a parser of the whole line knows; two lines of
 * one shape are read by it in the same way.
 */
export function splitTags(argv: readonly string[]): { shape: string[]; tags: string[] } {
  const shape: string[] = [];
  const tags: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    const value = argv[i + 1];
    if (word === "--") {
      shape.push(...argv.slice(i));
      break;
    }
    if ((word === "-t" || word === "--tag") && value !== undefined) {
      shape.push(word, NAME);
      tags.push(value);
      i++;
    } else if (word.startsWith("--tag=")) {
      shape.push(`--tag=${NAME}`);
      tags.push(word.slice("--tag=".length));
    } else shape.push(word);
  }
  return { shape, tags };
}
