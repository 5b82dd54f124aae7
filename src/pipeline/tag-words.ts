/** The names in a command line, told from the rest of it without reading the rest. */

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
