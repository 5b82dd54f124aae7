/** `--chmod`: octal, or symbolic as chmod(1) has it (`u=rwX,go=rX`), with a umask of nothing. */

export type ModeChange = { mode: number } | { change: (mode: number, directory: boolean) => number };

const SHIFTS: Readonly<Record<string, number>> = { u: 6, g: 3, o: 0 };
const CLAUSE = /^([ugoa]*)((?:[-+=](?:[ugo]|[rwxXst]*))+)$/;

/** @throws Error in the builder's words */
export function readModeChange(text: string): ModeChange {
  if (/^[0-9]/.test(text)) {
    const mode = /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number.NaN;
    if (!(mode <= 0o7777)) throw invalid(text);
    return { mode };
  }
  const clauses = text.split(",").map((clause) => {
    const found = CLAUSE.exec(clause);
    if (!found) throw invalid(text);
    return { who: found[1] as string, actions: [...(found[2] as string).matchAll(/([-+=])([ugo]|[rwxXst]*)/g)] };
  });
  return {
    change(original, directory) {
      let mode = original;
      for (const { who, actions } of clauses) {
        for (const [, operator, permissions = ""] of actions) {
          mode = apply(mode, who, operator as string, permissions, directory || (original & 0o111) !== 0);
        }
      }
      return mode;
    },
  };
}

function apply(mode: number, who: string, operator: string, permissions: string, executable: boolean): number {
  const all = who === "" || who.includes("a");
  const classes = all ? ["u", "g", "o"] : [...who];
  let bits = 0;
  let mask = 0;
  for (const one of classes) {
    const shift = SHIFTS[one] as number;
    // The set-id bits belong to their class, as BSD's setmode has it; copies of another class leave them.
    const copied = SHIFTS[permissions];
    mask |= (7 << shift) | (copied !== undefined ? 0 : one === "u" ? 0o4000 : one === "g" ? 0o2000 : 0);
    if (copied !== undefined) {
      bits |= ((mode >> copied) & 7) << shift;
      continue;
    }
    if (permissions.includes("r")) bits |= 4 << shift;
    if (permissions.includes("w")) bits |= 2 << shift;
    if (permissions.includes("x") || (permissions.includes("X") && executable)) bits |= 1 << shift;
    if (permissions.includes("s")) bits |= one === "u" ? 0o4000 : one === "g" ? 0o2000 : 0;
  }
  if (permissions.includes("t") && all) bits |= 0o1000;
  if (operator === "+") return mode | bits;
  if (operator === "-") return mode & ~bits;
  return (mode & ~mask) | bits;
}

function invalid(text: string): Error {
  return new Error(`invalid chmod parameter: '${text}'. it should be octal string and between 0 and 07777`);
}
