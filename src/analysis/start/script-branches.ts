/** Branches of a start script that nobody takes: `if [ "$ROLE" = "worker" ]` of a variable that neither script nor image sets. */

const IF = /^\s*(?:if|elif)\s+(.+?)\s*(?:;\s*then\b.*)?$/;
/** `[ "$ROLE" = worker ]`, `[[ $ROLE == worker ]]`, `[ -n "$ROLE" ]`, `[ "$ROLE" ]`: false where there is no such variable. */
const ASKS_FOR_WORD =
  /^(?:\[\[?|test)\s+(?:-n\s+)?["']?\$\{?([A-Za-z_]\w*)(?::-)?\}?["']?(?:\s+==?\s+["']?[\w.-]+["']?)?(?:\s*\]\]?)?$/;

/** What a system or the platform sets, and what is said to be meant by how a program is run. */
const SET_ELSEWHERE = /^(?:PORT|K_\w+|HOME|HOSTNAME|PATH|PWD|E?UID|USER|SHELL|BASH\w*)$|env|mode|stage|debug|prod/i;

interface Branch {
  isTaken: boolean;
  lines: number[];
}

/**
 * The lines of such branches, by their number from 0; only of an `if` with an `else`, which is what is left.
 *
 * @param isSet whether a variable may have a value by then
 */
export function untakenLines(lines: readonly string[], isSet: (name: string) => boolean): Set<number> {
  const untaken = new Set<number>();
  const open: Branch[][] = [];
  for (const [at, line] of lines.entries()) {
    const word = /^\s*(if|elif|else|fi)\b/.exec(line)?.[1];
    const branches = word === "if" ? [] : open.at(-1);
    if (word === "if" && branches) open.push(branches);
    if (word === "fi") {
      const all = open.pop() ?? [];
      const isWhole = all.length > 1 && all.at(-1)?.isTaken;
      if (isWhole) for (const { isTaken, lines: of } of all) for (const n of isTaken ? [] : of) untaken.add(n);
    } else if (word === "else") branches?.push({ isTaken: true, lines: [] });
    else if (word) {
      const asked = ASKS_FOR_WORD.exec(IF.exec(line)?.[1] ?? "")?.[1];
      branches?.push({ isTaken: asked === undefined || SET_ELSEWHERE.test(asked) || isSet(asked), lines: [] });
    }
    for (const outer of open) outer.at(-1)?.lines.push(at);
  }
  return untaken;
}
