/** Servers that a program in another language asks: what they listen on is between the two. */
import type { Listener, SourceFacts } from "./facts.ts";
import { languageOf } from "./project.ts";
import { type HostProblem, hostProblem } from "./verdict.ts";

/** `mcp.run()` speaks over standard input unless it is told otherwise: a script of tools over a server in another language. */
export function isBridge(l: Listener, facts: SourceFacts): boolean {
  const own = languageOf(l.place.file);
  return (
    l.framework === "FastMCP" &&
    /["']stdio["']|\.run\(\s*\)/.test(facts.text(l.place.file) ?? "") &&
    facts.listeners.some(
      (other) => !other.secondary && languageOf(other.place.file) !== own && hostProblem(other, facts) === undefined,
    )
  );
}

/** A package of its own within a program in another language, always on localhost: the server above it asks it. */
export function isHelper(l: Listener, problem: HostProblem, facts: SourceFacts): boolean {
  const own = languageFor(l, facts);
  if (problem.kind !== "literal" || problem.through !== undefined || facts.startLanguage === own) return false;
  const folders = l.place.file.split("/").slice(0, -1);
  const isPackage = folders.some(
    (_, i) => facts.text(`${folders.slice(0, i + 1).join("/")}/package.json`) !== undefined,
  );
  const isAbove = ({ place }: Listener): boolean => place.file.split("/").length < folders.length;
  return (
    isPackage &&
    l.host.every((h) => h.kind === "literal") &&
    facts.listeners.some(
      (o) => !o.secondary && languageFor(o, facts) !== own && isAbove(o) && hostProblem(o, facts) === undefined,
    )
  );
}

/** That of the server's file; settings of Spring and its kin are Java's, and so is Kotlin. */
export function languageFor({ place: { file } }: Listener, facts: SourceFacts): string | undefined {
  const own = languageOf(file, facts.text(file));
  return own === "kotlin" || /(?:^|\/)(?:application|bootstrap)[\w-]*\.(?:ya?ml|properties|conf)$/.test(file)
    ? "java"
    : own;
}
