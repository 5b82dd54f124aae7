/** How a Makefile or a script says that the program is run, where nothing else of it says how it starts. */
import { escaped } from "../../base/escaped.ts";
import type { StartCommand } from "../facts.ts";
import { packageScripts } from "../python/package-scripts.ts";
import { pickDockerfile } from "./images.ts";
import { PROGRAMS } from "./server-programs.ts";
import { splitWords } from "./start.ts";

export const MAKEFILE = /^(?:(?:GNU)?[Mm]akefile|\.?[Jj]ustfile)$/;
/** `serve: install`, and the lines below it that are indented. */
const TARGET = /^(?:run|serve|server|start|up|web)\b[^\n:=]*:(?!=)[^\n]*\n((?:[ \t]+[^\n]*(?:\n|$)|[ \t]*\n)+)/gm;
const SCRIPT = /^(?:(?:bin|scripts?)\/)?(?:run|serve|server|start|web)(?:\.(?:ba)?sh)?$/;
/** Servers that a program brings along to be served by them; frameworks have others for developers. */
const SERVES =
  /^(?:rackup|shotgun|falcon|hanami|php -S|flask run|uvicorn|hypercorn|daphne|granian|sanic|litestar|fastapi)$/;
/** What is shown there is not the program. */
const OTHERS = /\b(?:docs?|doc_?site|examples?|demos?|tests?|spec|coverage|fixtures?|mocks?|storybook)\b/i;

/** Commands that start a server program under a name that says so; an image starts it in a way of its own. */
export function recipeStarts(texts: ReadonlyMap<string, string>): StartCommand[] {
  if (pickDockerfile(texts) !== undefined) return [];
  const found: StartCommand[] = [];
  const groups = flaskGroups(texts);
  for (const [path, text] of texts) {
    const isScript = SCRIPT.test(path) && /^#!.*\b(?:ba|da|z|k)?sh\b/.test(text);
    if (!isScript && !MAKEFILE.test(path)) continue;
    const bodies = isScript ? [{ body: text, at: 0 }] : [...text.matchAll(TARGET)].map(bodyOf);
    for (const { body, at } of bodies)
      for (const m of body.matchAll(/(?:\\\r?\n|[^\n])+/g)) {
        const command = started(m[0].replace(/\\\r?\n[ \t]*/g, " ").replace(groups, "flask"), text);
        if (command) found.push({ ...command, place: placeOf(path, at + m.index, m[0]) });
      }
  }
  return found;
}

/** Commands of a package that are Flask's own under another name: `@click.group(cls=FlaskGroup, create_app=create_app)`, started by `shop run`. */
function flaskGroups(texts: ReadonlyMap<string, string>): RegExp {
  const names = [...packageScripts(texts)].filter(([, file]) => /\bFlaskGroup\b/.test(texts.get(file) ?? ""));
  return new RegExp(`(?<![\\w./-])(?:${names.map(([name]) => escaped(name)).join("|") || "(?!)"})(?= run\\b)`);
}

function bodyOf(m: RegExpExecArray): { body: string; at: number } {
  const body = m[1] as string;
  return { body, at: m.index + m[0].length - body.length };
}

function placeOf(file: string, line: number, said: string): StartCommand["place"] {
  const start = line + (/^[ \t@-]*/.exec(said) as RegExpExecArray)[0].length;
  return { file, start, end: line + said.trimEnd().length };
}

function started(line: string, text: string): Omit<StartCommand, "place"> | undefined {
  const said = line.replace(/^[ \t]*[@-]*\s*/, "").replace(/\s+#.*$/, "");
  if (/^#|^$/.test(said)) return undefined;
  const last = said
    .split(/&&|;|\|\|/)
    .filter((s) => s.trim())
    .at(-1);
  const words = splitWords(filledIn((last ?? "").replace(/\s&\s*$|\s*\d?>.*$/, "").trim(), text));
  const plain = words
    .join(" ")
    .replace(/^(?:[A-Z_]\w*=\S*\s+|exec\s+|bundle exec\s+|uv run\s+|poetry run\s+|pipenv run\s+)+/, "")
    .replace(/^\S*\/(?=[a-z])/, "");
  const program = PROGRAMS.find((p) => p.match.test(plain));
  if (!program || !SERVES.test(program.name) || OTHERS.test(said)) return undefined;
  return { words, shell: true, from: "other" };
}

/** `$(PORT)` of make, `{{port}}` of just: what the file gives it, whoever runs it may give it another. */
function filledIn(said: string, text: string): string {
  return said.replace(/\$[({]([A-Za-z_]\w*)[)}]|\{\{\s*(\w+)\s*\}\}/g, (whole, make?: string, just?: string) => {
    const name = make ?? just ?? "";
    const m = new RegExp(`^[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*(\\?|:{1,3})?=[ \\t]*([^\\n#]*)`, "m").exec(text);
    const value = m?.[2]?.trim().replace(/^(["'])(.*)\1$/, "$2");
    if (value === undefined || /[$`{]/.test(value)) return make === undefined ? "$_" : `\${${name}}`;
    return m?.[1] === "?" ? `\${${name}:-${value}}` : whole && value;
  });
}
