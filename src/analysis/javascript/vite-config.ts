/** What `vite.config.ts`, `astro.config.mjs` or `nuxt.config.js` says of where their servers listen: it goes under what a program or a command gives them. */
import { blankJavaScriptComments } from "../comments.ts";
import type { FactValue, Listener } from "../facts.ts";
import { isAt, languageOf, leftOut } from "../project.ts";

/** By the framework whose server it is. */
const FILES: readonly (readonly [framework: RegExp, file: RegExp])[] = [
  [/^vite$/i, /(^|\/)vite\.config\.[cm]?[jt]s$/],
  [/^astro\b/, /(^|\/)astro\.config\.[cm]?[jt]s$/],
  [/^nuxt$/, /(^|\/)nuxt\.config\.[cm]?[jt]s$/],
];

/** Gives listeners of Vite that are told no host or port what the configuration of their folder says. */
export function giveViteSettings(listeners: readonly Listener[], texts: ReadonlyMap<string, string>): void {
  for (const l of listeners) {
    const usual = FILES.find(([framework]) => framework.test(l.framework))?.[1];
    if (!usual) continue;
    if (isLost(l) && !isOpened(texts)) l.host = [UNTOLD];
    // `output: "server"` is no section.
    const text = configOf(l, texts, usual)?.replace(/\boutput\s*:\s*["'`]server["'`]/, "");
    if (text === undefined) continue;
    const preview = /^vite$/i.test(l.framework) && /\bpreview\b/.test(saidBy(l, texts));
    for (const slot of ["host", "port"] as const) {
      if (!l[slot].every((v) => v.kind === "absent")) continue;
      const own = preview ? setting(text, "preview", slot) : undefined;
      // The host of `preview` is that of `server` unless it says another.
      const found = own ?? (preview && slot === "port" ? undefined : setting(text, "server", slot));
      if (found) l[slot] = [found];
    }
  }
}

/** A configuration that was merged with the user's, or loaded: what neither says Vite decides. */
const UNTOLD: FactValue = {
  kind: "option",
  name: "server.host",
  fallback: [{ kind: "literal", value: "localhost" }],
  open: true,
};

function isLost({ host, place }: Listener): boolean {
  return languageOf(place.file) === "javascript" && host.length > 0 && host.every((v) => v.kind === "unknown");
}

/** Does a script of the program give a host of all interfaces to anything? */
function isOpened(texts: ReadonlyMap<string, string>): boolean {
  const open = /\bhost["']?\s*:\s*(?:true\b|["'\x60](?:0\.0\.0\.0|::)["'\x60])/;
  const own = (path: string, text: string): boolean => !leftOut(path) && languageOf(path, text) === "javascript";
  return [...texts].some(([path, text]) => own(path, text) && open.test(text));
}

/** Its call or its command. */
function saidBy({ place, evidence }: Listener, texts: ReadonlyMap<string, string>): string {
  return `${evidence.join("\n")}\n${texts.get(place.file)?.slice(place.start, place.end) ?? ""}`;
}

/** The text of its configuration without comments: the file that is named, that of its folder or of one above, or the only one. */
function configOf(l: Listener, texts: ReadonlyMap<string, string>, usual: RegExp): string | undefined {
  const { file } = l.place;
  const written = languageOf(file) === "javascript" ? (texts.get(file) ?? "") : saidBy(l, texts);
  if (/\bconfigFile\s*:\s*false\b/.test(written)) return undefined;
  const named = (/\bconfigFile\s*:[^,}\n]*["'`]([^"'`\n]+)["'`]/.exec(written) ??
    /\bvite\b[^\n"]*\s(?:-c|--config)[ =]["']?([\w./-]+)/.exec(written))?.[1]?.replace(/^\.?\/+/, "");
  const all = [...texts.keys()].filter((p) => (named === undefined ? usual.test(p) : isAt(p, named)));
  const folder = (p: string): string => p.slice(0, p.lastIndexOf("/") + 1);
  const above = all.filter((p) => file.startsWith(folder(p))).sort((a, b) => b.length - a.length);
  const path = above[0] ?? (all.length === 1 ? all[0] : undefined);
  return path && blankJavaScriptComments(texts.get(path) as string);
}

/** A key of a section of the configuration; undefined where it is not there. */
function setting(text: string, section: string, key: string): FactValue | undefined {
  const m = new RegExp(`(?<![\\w.$])["']?${section}["']?\\s*(:\\s*(\\{)?|[,}])`).exec(text);
  if (!m) return /\bmergeConfig\b/.test(text) ? { kind: "unknown" } : undefined;
  // A name, or a call, that holds the section.
  if (!m[2]) return { kind: "unknown" };
  const body = atTop(text, m.index + m[0].length);
  const held = new RegExp(`(?:^|[,\\s])["']?${key}["']?\\s*(?::\\s*([^,}]*)|(?=[,}]|$))`).exec(body);
  if (!held) return body.includes("...") ? { kind: "unknown" } : undefined;
  return factOf(held[1]?.trim());
}

/** What stands between the braces that open before `start`, without what is nested in it. */
function atTop(text: string, start: number): string {
  let out = "";
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const c = text[i] as string;
    if (c === "{" || c === "[") depth++;
    if (depth === 0 && c === "}") break;
    if (depth === 0) out += c;
    if (c === "}" || c === "]") depth--;
  }
  return out;
}

/** @param expr undefined for `{ host }` */
function factOf(expr: string | undefined): FactValue {
  if (expr === "true") return { kind: "literal", value: "0.0.0.0" };
  if (expr === "false" || expr === "undefined") return { kind: "absent" };
  const text = expr && /^["'`]([^"'`$]*)["'`]$/.exec(expr)?.[1];
  if (text) return { kind: "literal", value: text };
  if (expr && /^\d+$/.test(expr)) return { kind: "literal", value: Number(expr) };
  if (expr && /\benv\.PORT\b/.test(expr)) return { kind: "env", name: "PORT" };
  return { kind: "unknown" };
}
