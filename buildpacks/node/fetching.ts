/** Runners that fetch a package to run its program: `npx`, `npm exec`, `pnpm dlx`, `yarn dlx`, `bunx`. */

/** Options of the runners, `-p` apart, whose value is the next word. */
const TAKES_VALUE =
  /^(?:-w|--workspace|--registry|--userconfig|--globalconfig|--cache|--prefix|-C|--dir|--cwd|--loglevel|--node-options|--script-shell|--tag|--before|--reporter|--allow-build|--otp)$/;

/**
 * @param words of the command, the runner's own name apart
 * @returns what is run, by its program's name, and the package that brings it, as written (`serve@14`); undefined: no such runner
 */
export function readFetching(runner: string, words: string[]): { words: string[]; package: string } | undefined {
  const rest = afterRunner(runner, words);
  if (!rest) return undefined;
  let named: string | undefined;
  let at = 0;
  for (; at < rest.length && (rest[at] as string).startsWith("-"); at++) {
    const word = rest[at] as string;
    if (word === "--") {
      at++;
      break;
    }
    const [flag, value] = word.split(/=(.*)/s) as [string, string?];
    if (flag === "-p" || flag === "--package") named = value ?? rest[++at];
    else if (flag === "-c" || flag === "--call") return undefined;
    else if (value === undefined && TAKES_VALUE.test(flag)) at++;
  }
  const first = rest[at];
  if (first === undefined) return undefined;
  return { words: [programOf(first), ...rest.slice(at + 1)], package: named ?? first };
}

function afterRunner(runner: string, words: string[]): string[] | undefined {
  if (/^(?:npx|pnpx|bunx)$/.test(runner)) return words;
  const [verb] = words;
  const fetches =
    (runner === "npm" && (verb === "exec" || verb === "x")) ||
    (runner === "bun" && verb === "x") ||
    ((runner === "pnpm" || runner === "yarn") && verb === "dlx");
  return fetches ? words.slice(1) : undefined;
}

/** `serve@14`, `@scope/name@1`: a package's program bears its name as a rule. A path or an address is left as it is. */
function programOf(word: string): string {
  return /^(?:@[\w.-]+\/)?([\w.-]+)(?:@[\w.^~*-]+)?$/.exec(word)?.[1] ?? word;
}
