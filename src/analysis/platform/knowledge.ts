/** What the platform's clauses ask of a library's calls, as data: one table a language, read by `calls.ts`. */
import type { Slot } from "../catalogue.ts";
import type { BackgroundWork, StateUse } from "../facts.ts";
import type { Moment } from "./moments.ts";

interface Entry {
  /** Last names of the call, space-separated: what is not called so is not looked at. */
  names: string;
  /** Of the whole path that the callee resolved to. */
  path: RegExp;
}

export interface WorkKnown extends Entry {
  what: string;
  kind: BackgroundWork["kind"];
  /** Only when all moments of the place are among these; default: whenever. */
  moments?: readonly Moment[];
  /** Only when the text of the call, or of the statement around it, matches. */
  text?: RegExp;
  /** Only when the text of the file matches too. */
  alongside?: RegExp;
  /** Only when this text of the file does not match (`clearInterval`). */
  unless?: RegExp;
  minor?: boolean;
}

export interface StateKnown extends Entry {
  what: string;
  kind: StateUse["kind"];
  /** Where the path (or the URL) of the file stands; a place that is not known is silence. */
  file?: Slot;
  /** Something whose path nobody gave lies in the working folder. */
  fileDefault?: string;
  /** Silent when this is given (a store of its own) … */
  unless?: Slot;
  /** … except when it is one of these. */
  except?: RegExp;
  /** Only when this is given and matches. */
  when?: { slot: Slot; text: RegExp };
  /** Only in code that answers requests. */
  request?: boolean;
  alongside?: RegExp;
}

export interface LimitKnown extends Entry {
  kind: "keep-alive" | "drain";
  what: string;
  slot: Slot;
  /** Milliseconds of one, where the language has no durations. */
  unit: number;
  /** Without the argument. */
  default?: number;
}

export interface HttpKnown extends Entry {
  url: Slot;
  /** The call has no place for a header. */
  bare?: boolean;
}

export interface ExecKnown extends Entry {
  /** Where the program or the address of what is fetched stands. */
  slot: Slot;
}

export interface ProjectKnown extends Entry {
  project?: Slot;
  location?: Slot;
}

export interface Knowledge {
  /** Files without these words hold no such fact. */
  words: RegExp;
  work: readonly WorkKnown[];
  state: readonly StateKnown[];
  limits: readonly LimitKnown[];
  http: readonly HttpKnown[];
  exec: readonly ExecKnown[];
  projects: readonly ProjectKnown[];
}

export const arg = (index: number, ...names: string[]): Slot => (names.length ? { index, names } : { index });
export const option = (index: number, ...keys: string[]): Slot => ({ index, keys });
export const named = (...names: string[]): Slot => ({ names });
