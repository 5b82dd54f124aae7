/** The version that the base image's tag names: what the project asks for, within what still gets fixes. */
import type { Detection } from "../../sdk.ts";

/** For sources that ask for none: the newest maintained line of each runtime; of Java the one that all build tools know. */
const NEWEST: Readonly<Record<string, string>> = {
  python: "3.14",
  go: "1.27",
  java: "21",
  kotlin: "21",
  ruby: "4.0",
  php: "8.5",
  rust: "1.98",
  elixir: "1.20",
  bun: "1.4",
};
/** Oldest line that gets fixes: nearest to what a project was written for that asks for an older one. */
const OLDEST: Readonly<Record<string, string>> = { python: "3.11", ruby: "3.3", php: "8.2" };
const JVM_LINES = [17, 21, 25];

export function runtimeLine({ language, runtimeVersion }: Detection): string {
  const newest = NEWEST[language] ?? "";
  const said = runtimeVersion?.trim() ?? "";
  const asked = /(\d+)(?:\.(\d+))?/.exec(said);
  if (!asked) return newest;
  const [, major = "", minor] = asked;
  if (language === "java" || language === "kotlin") {
    const level = Number(major) === 1 ? Number(minor ?? 8) : Number(major);
    return String(JVM_LINES.find((line) => line >= level) ?? 25);
  }
  // Both promise to build what was written for an older one.
  if (language === "go") return Number(minor ?? 0) < 26 ? newest : `${major}.${minor}`;
  if (language === "rust") return /^\d+\.\d+\.\d+$/.test(said) && newer(said, newest) ? `${major}.${minor}` : newest;
  const below = upperBound(said, major, minor);
  if (below !== undefined) return within(below, language, newest);
  // A range without an upper end leaves the choice.
  if (/^\s*(?:[>^]|~>\s*\d+(?:\.\d+)?\s*$)|\*$/.test(said))
    return language === "ruby" && /^~>\s*\d+\.\d+$/.test(said) ? within(`${major}.${minor}`, language, newest) : newest;
  return minor === undefined ? newest : within(`${major}.${minor}`, language, newest);
}

/** No fixes come any more for this version, or line, of the runtime. */
export function isEnded(language: string, version: string): boolean {
  return newer(OLDEST[language] ?? "0", version);
}

/** The newest line that a range allows: `3.12` of `>=3.10,<3.13`, `3.4` of `~> 3.4.1`; undefined: it has no end, or none before the next major one. */
function upperBound(said: string, major: string, minor: string | undefined): string | undefined {
  const end = /<(=?)\s*(\d+)\.(\d+)/.exec(said);
  if (end)
    return end[1] === "=" ? `${end[2]}.${end[3]}` : Number(end[3]) > 0 ? `${end[2]}.${Number(end[3]) - 1}` : undefined;
  if (/^(?:~>?=?\s*\d+\.\d+\.\d+|~\s*\d+\.\d+|==?\s*\d+\.\d+)/.test(said) && minor !== undefined)
    return `${major}.${minor}`;
  return undefined;
}

function within(line: string, language: string, newest: string): string {
  const oldest = OLDEST[language];
  if (oldest !== undefined && newer(oldest, line)) return oldest;
  return newer(line, newest) && language !== "bun" && language !== "elixir" ? newest : line;
}

/** The first is a later version than the second. */
function newer(a: string, b: string): boolean {
  const [majorA = 0, minorA = 0] = a.split(".").map(Number);
  const [majorB = 0, minorB = 0] = b.split(".").map(Number);
  return majorA > majorB || (majorA === majorB && minorA > minorB);
}
