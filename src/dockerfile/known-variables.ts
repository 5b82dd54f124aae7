/** Variables in the words of a shell script: what ARG and ENV have set, and defaults (`${X:-y}`). */
import { type Script, walk } from "./shell/commands.ts";

const VARIABLE = /\$\{(\w+)(?::?-([^{}]*))?\}/g;

/**
 * Puts values into the text of a word. A name that the script may set itself stays as it stands, and so does one that
 * nobody has set.
 */
export function knownVariables(script: Script, value: (name: string) => string | undefined): (text: string) => string {
  let own: Set<string> | undefined;
  return (text) =>
    text.includes("${")
      ? text.replace(VARIABLE, (written, name: string, standard: string | undefined) => {
          own ??= assigned(script);
          if (own.has(name)) return written;
          return value(name) ?? (name === "PORT" ? written : (standard ?? written));
        })
      : text;
}

/** Names that the script sets: `X=…`, `read X`, `for X in …`, `export X=…`. */
function assigned({ tree }: Script): Set<string> {
  const names = new Set<string>();
  if (!tree) return names;
  walk(tree, {
    command(node) {
      if (node.kind !== "simple") {
        if (node.variable !== undefined) names.add(node.variable);
        return;
      }
      if (node.words.length === 0) for (const { name } of node.assignments) names.add(name);
      if (!/^(?:export|readonly|local|declare|typeset|read)$/.test(node.words[0]?.literal ?? "")) return;
      for (const { text } of node.words.slice(1)) names.add(text.split("=", 1)[0] as string);
    },
  });
  return names;
}
