/** Whether a listener of a Go module belongs to another of its programs than the server does, or to none. */
import type { SourceFacts } from "../facts.ts";
import { folderOf, type GoPrograms, isOfInnerModule, programsOfGo } from "./programs.ts";

/** Is a file one that another program of the module is made of or none is, and that the server's is not? */
export function isOfOtherGoProgram(file: string, server: string, facts: SourceFacts): boolean {
  if (!file.endsWith(".go")) return false;
  const having = (path: string): ReadonlySet<string>[] =>
    [...goPrograms(facts).values()].filter((packages) => packages.has(folderOf(path)));
  const theirs = having(file);
  const own = having(server);
  if (own.length === 0) return false;
  // A package that no program imports serves its tests.
  if (theirs.length === 0) return !isOfInnerModule(file, (path) => facts.text(path));
  return !own.some((program) => theirs.includes(program));
}

const PROGRAMS = new WeakMap<SourceFacts, GoPrograms>();

function goPrograms(facts: SourceFacts): GoPrograms {
  const known = PROGRAMS.get(facts) ?? programsOfGo(facts.judged, (file) => facts.text(file), facts.text("go.mod"));
  PROGRAMS.set(facts, known);
  return known;
}
