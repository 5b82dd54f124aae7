/**
 * The same words of `lint`, typed again: while every file of the directory, and every configuration above it, is as it was, what
 * was said is said again and no rule is loaded. Fixes, registries and files that are named one by one are judged each time.
 */

import { constants, readlinkSync } from "node:fs";
import { join, posix } from "node:path";
import { today } from "../base/clock.ts";
import { cacheDir } from "../base/dirs.ts";
import { LOCK_FILE } from "../config/files.ts";
import { readRecord, writeRecord } from "../store/records.ts";
import { type BuildRecord, beginRecord, PASSED_OVER, recall, remember } from "./build-record.ts";
import { type Call, callKey } from "./same-call.ts";

/** What a run of the linter left for its user. */
export interface Said {
  /** For standard output, each with a line's end behind it. */
  printed: string[];
  /** For standard error. */
  notes: string[];
  exitCode: number;
}

interface LintRecord extends BuildRecord<Said> {
  dir: string;
  /** Images reach their end of life by the day. */
  day: string;
}

/** More is not worth keeping. */
const SAID_LIMIT = 4 * 2 ** 20;

/** @param look what the output depends on besides the call: colours, columns */
const keyOf = (call: Call, look: readonly unknown[]) =>
  callKey({ ...call, argv: [...call.argv, JSON.stringify(look)] });

/** What an earlier, equal call said, when it holds. */
export function recallLint(call: Call, look: readonly unknown[]): Said | undefined {
  const known = readRecord(cacheDir(call.env), "lints", keyOf(call, look)) as LintRecord | undefined;
  if (known?.day !== today()) return undefined;
  try {
    return recall(known, known.dir);
  } catch {
    return undefined;
  }
}

/**
 * Looks at a directory before it is judged. @param dir absolute
 * @returns what keeps the answer afterwards; undefined where links lead to what a look at the tree does not see
 */
export function beginLint(
  call: Call,
  look: readonly unknown[],
  dir: string,
): ((said: Said, inputs: string[]) => void) | undefined {
  let leadsOut = false;
  const isLink = (state: string) => (Number.parseInt(state, 10) & constants.S_IFMT) === constants.S_IFLNK;
  const beginning = beginRecord(dir, Date.now(), LOCK_FILE, (path, state) => {
    leadsOut ||= isLink(state) && !staysInside(path, readlinkSync(join(dir, path)));
  });
  if (leadsOut) return undefined;
  return (said, inputs) => {
    const length = [...said.printed, ...said.notes].reduce((sum, text) => sum + text.length, 0);
    const record = length <= SAID_LIMIT && remember(dir, beginning, false, inputs, said);
    if (!record) return;
    try {
      writeRecord(cacheDir(call.env), "lints", keyOf(call, look), { ...record, dir, day: today() });
    } catch {
      // A cache that cannot be written costs time, nothing else.
    }
  };
}

/** Does a link lead to what a look at the tree sees? Its own folder is no link, but one that `..` comes after may be. */
function staysInside(path: string, target: string): boolean {
  const named = target.replace(/^(?:\.\.?\/)+/, "");
  if (posix.isAbsolute(target) || named.split("/").includes("..")) return false;
  const names = posix.join(posix.dirname(path), target).split("/");
  return names[0] !== ".." && !names.some((name) => PASSED_OVER.has(name));
}
