/** What a program is that does not listen, as its own code and package.json tell it: a clause for the error. */
import { isForOthers, looksLikeLibrary, moduleExports, type ServerLook } from "../../src/sdk.ts";
import type { App } from "./app.ts";
import { localPackages } from "./workspaces.ts";

const NAMES_SHOWN = 4;
/** What only a page has. */
const PAGE_ONLY =
  /(?<![\w$.])(?:document|window)\s*\.\s*(?:\w*[eE]lement\w*|body|head|querySelector\w*|addEventListener|location|ready)\b/;
const NODE_ONLY =
  /(?<![\w$.])process\s*\.\s*(?!env\b)\w|["']node:\w|\brequire\s*\(\s*["'](?:fs|path|http|net|child_process)["']/;

/** Servers that answer, but not over HTTP: how such a file looks. */
const OTHER_PROTOCOLS = [
  {
    what: "TCP connections (node:net)",
    says: /["'](?:node:)?net["'][\s\S]*(?:\bcreateServer\s*\(\s*[^\s)]|\.on\(\s*["']connection["'])/,
    opens: /\.listen\s*\(/,
  },
  {
    what: "datagrams (node:dgram)",
    says: /["'](?:node:)?dgram["'][\s\S]*\.on\(\s*["']message["']/,
    opens: /\.bind\s*\(/,
  },
] as const;
const SPEAKS_HTTP = /["'](?:node:)?https?2?["']/;

/** @returns undefined: nothing more than that it does not listen */
export function programKind(app: App, look: ServerLook | undefined): string | undefined {
  const programs = Object.keys(app.manifest?.bin ?? {});
  if (app.start === undefined && programs.length > 0)
    return `it is a command line tool (package.json bin: ${listed(programs)})`;
  const [entry] = look?.files ?? [];
  if (look === undefined && app.start === undefined && isForOthers(app.source))
    return "its package.json offers it to other programs, and starts nothing";
  if (look === undefined || entry === undefined) return undefined;
  const page = look.files.find((file) => isForPage(app.source.read(file) ?? ""));
  if (page !== undefined) return `${page} is a script for a page in a browser`;
  const other = look.files.flatMap((file) => otherProtocol(file, app.source.read(file) ?? ""))[0];
  if (other !== undefined) return other;
  const { names } = moduleExports(entry, app.source.read(entry) ?? "");
  if (isIdle(app, look))
    return `${entry} only exports ${names.length > 0 ? listed(names) : "something"}, for another program to call`;
  if (app.start !== undefined || names.length === 0) return undefined;
  return `${entry} exports ${listed(names)} for another program to call, and nothing in it listens for requests`;
}

/** It exports functions by names, and is no command line tool. */
export function exportsOnly(app: App, look: ServerLook): boolean {
  const [entry] = look.files;
  if (entry === undefined || Object.keys(app.manifest?.bin ?? {}).length > 0 || app.start !== undefined) return false;
  return moduleExports(entry, app.source.read(entry) ?? "").names.length > 0;
}

const idle = new WeakMap<ServerLook, boolean>();

/** Its files import, declare and export: a library, or functions that another program has to call. */
export function isIdle(app: App, look: ServerLook): boolean {
  const known = idle.get(look);
  if (known !== undefined) return known;
  const found = looksLikeLibrary(app.source, look, localPackages(app));
  idle.set(look, found);
  return found;
}

/** What a file exports that does not listen: a clause. */
export function exported({ verdict, framework }: ServerLook): string {
  if (framework === undefined) return "a function";
  return verdict === "exports-app" ? `its ${framework} app` : `what uses ${framework}`;
}

function isForPage(text: string): boolean {
  return PAGE_ONLY.test(text) && !NODE_ONLY.test(text);
}

function otherProtocol(file: string, text: string): string[] {
  if (SPEAKS_HTTP.test(text)) return [];
  return OTHER_PROTOCOLS.filter(({ says, opens }) => says.test(text) && opens.test(text)).map(
    ({ what }) => `${file} answers ${what} in a protocol of its own, not HTTP`,
  );
}

/** The first few, and how many more there are. */
export function listed(names: readonly string[]): string {
  const more = names.length - NAMES_SHOWN;
  return names.slice(0, NAMES_SHOWN).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
