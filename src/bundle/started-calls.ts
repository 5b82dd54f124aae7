/** The programs of one call in the app's own code: `spawn("git", …)`, `exec("git log | head")`, `spawn(line, { shell: true })`. */
import type { FileAnalysis } from "./analysis.ts";
import { isProgram, programsOfLine, type StarterOf, UNKNOWN } from "./started-programs.ts";
import { literal, nameOf } from "./tree-names.ts";
import type { Node } from "./tree-scope.ts";

/**
 * Adds what a call, or a tagged template, starts; of one program the first call is kept.
 * @returns whether it is node itself, with a file of the app's or code as its argument
 */
export function startedBy(
  node: Node,
  starterOf: StarterOf,
  text: string,
  analysis: FileAnalysis,
  lineOf: (offset: number) => number,
): boolean {
  const callee = (node["callee"] ?? node["tag"]) as Node;
  const [first, ...rest] = (node["arguments"] ?? [node["quasi"]]) as Node[];
  const member = callee.type === "MemberExpression" && callee["computed"] !== true;
  const owner = nameOf(member ? (callee["object"] as Node) : callee);
  const method = member ? nameOf(callee["property"] as Node) : undefined;
  const how = owner === undefined ? undefined : starterOf(owner, method);
  if (how === undefined || first === undefined) return false;
  if (how === "file" && isNode(first, text)) return true;
  const command = literalOf(first);
  const shell = how === "file" ? shellOf(rest) : how === "bash" ? "bash" : "/bin/sh";
  const programs =
    shell !== undefined
      ? [shell, ...programsOfLine(command ?? "")]
      : command !== undefined && isProgram(command)
        ? [command]
        : [];
  const by = text.slice(node.start, node.end).split("\n")[0]?.slice(0, 60).trim() ?? "";
  for (const program of programs) {
    if (analysis.starts?.some((known) => known.program === program)) continue;
    (analysis.starts ??= []).push({ program, by, line: lineOf(node.start) });
  }
  return shell !== undefined && /^\s*node\s/.test(command ?? "");
}

const isNode = (program: Node, text: string) =>
  literal(program) === "node" || /^process\.(?:execPath|argv0|argv\[0\])$/.test(text.slice(program.start, program.end));

/** A literal text; what a template puts in at run time is unknown. */
function literalOf(node: Node): string | undefined {
  if (node.type !== "TemplateLiteral") return literal(node);
  const quasis = node["quasis"] as Node[];
  return quasis.map((quasi) => (quasi["value"] as { cooked?: string }).cooked ?? "").join(UNKNOWN);
}

/** `/bin/sh` of `{ shell: true }`, the shell of `{ shell: "/bin/bash" }`. */
function shellOf(args: readonly Node[]): string | undefined {
  for (const { type, properties } of args.map((node) => ({ type: node.type, properties: node["properties"] }))) {
    if (type !== "ObjectExpression") continue;
    for (const property of properties as Node[]) {
      if (property.type !== "Property" || nameOf(property["key"] as Node) !== "shell") continue;
      const value = property["value"] as Node;
      if (value.type === "Literal" && value["value"] === true) return "/bin/sh";
      return literal(value);
    }
  }
  return undefined;
}
