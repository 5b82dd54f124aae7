/** Whether a listener of a Go module belongs to another of its programs than the server does, or to none. */
import type { SourceFacts } from "../facts.ts";
import { folderOf, type GoPrograms, isOfInnerModule, programsOfGo } from "./programs.ts";

/** Is a file one that another program of the module is made of or none is, and that the server's is not? */
export function isOfOtherGoProgram(file: string, server: string, facts: SourceFacts): boolean {
  if (!file.endsWith(".go")) return false;
  const programs = [...goPrograms(facts)];
  const having = (path: string): ReadonlySet<string>[] =>
    programs.flatMap(([, packages]) => (packages.has(folderOf(path)) ? [packages] : []));
  const theirs = having(file);
  const own = having(server);
  if (own.length === 0) return false;
  // A package that no program imports serves its tests.
  if (theirs.length === 0) return !isOfInnerModule(file, (path) => facts.text(path));
  // What a client or a tool listens on is nothing that the module's server does not have.
  const isClients = programs.every(([folder, packages]) => !own.includes(packages) || CLIENT.test(folder));
  const isServers = programs.some(([folder, packages]) => theirs.includes(packages) && !CLIENT.test(folder));
  return !(isClients && isServers) && !own.some((program) => theirs.includes(program));
}

/** What a program is called that speaks to the server: `cmd/shopctl/`, `cmd/cli/`. */
const CLIENT = /(?:^|\/)(?:[\w-]*ctl|(?:[\w-]+-)?(?:cli|client))\/$/;

const PROGRAMS = new WeakMap<SourceFacts, GoPrograms>();

function goPrograms(facts: SourceFacts): GoPrograms {
  const known = PROGRAMS.get(facts) ?? programsOfGo(facts.judged, (file) => facts.text(file), facts.text("go.mod"));
  PROGRAMS.set(facts, known);
  return known;
}
