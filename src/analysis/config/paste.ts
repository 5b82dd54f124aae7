/** PasteDeploy's `[server:main]`: where pserve and its kin (Pyramid, Zope, TurboGears, CKAN) serve an application. */
import { emptyReach, type FactValue, type Listener, literalFact, type StartCommand } from "../facts.ts";
import { leftOut } from "../project.ts";

const SECTION = /^\[server:main\][ \t]*\r?\n((?:(?!\[).*(?:\r?\n|$))*)/m;

export function pasteServers(texts: ReadonlyMap<string, string>, commands: readonly StartCommand[]): Listener[] {
  const words = commands.flatMap((c) => c.words);
  const named = words.filter((w) => w.endsWith(".ini")).map((w) => w.slice(w.lastIndexOf("/") + 1));
  // Something else starts the application.
  if (words.length > 0 && named.length === 0 && !words.some((w) => /pserve|paster/.test(w))) return [];
  const files = [...texts].filter(([path, text]) => path.endsWith(".ini") && !leftOut(path) && SECTION.test(text));
  const rank = (path: string): number =>
    named.includes(path.slice(path.lastIndexOf("/") + 1)) ? 0 : /prod/i.test(path) ? 1 : /dev|test/i.test(path) ? 3 : 2;
  const [first] = files.sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return first ? [serverOf(...first)].flatMap((l) => l ?? []) : [];
}

function serverOf(path: string, text: string): Listener | undefined {
  const section = SECTION.exec(text);
  if (!section) return undefined;
  const body = section[1] as string;
  const value = (key: string): string | undefined =>
    new RegExp(`^${key}[ \\t]*=[ \\t]*(\\S+)`, "m").exec(body)?.[1]?.replace(/,.*$/, "");
  const use = value("use") ?? "";
  if (!/^egg:/.test(use) || value("unix_socket")) return undefined;
  const address = /^(.*):([^:\]]+)$/.exec(value("listen") ?? value("bind") ?? "");
  const start = section.index;
  return {
    framework: use.replace(/^egg:|#.*$/gi, ""),
    protocol: "http",
    port: written(address?.[2] ?? value("port")),
    host: written(address?.[1]?.replace(/^\[|\]$/g, "") ?? value("host")),
    // Paste's own server takes localhost where it is told nothing.
    defaults: { port: 8080, host: /^egg:Paste/i.test(use) ? "localhost" : "all" },
    place: { file: path, start, end: start + "[server:main]".length },
    reach: emptyReach(),
    evidence: [
      body
        .trim()
        .replace(/\s*\n\s*/g, "; ")
        .slice(0, 120),
    ],
  };
}

/** `%(http_port)s`, `${PORT}` are given from outside. */
function written(text: string | undefined): FactValue[] {
  if (text === undefined) return [{ kind: "absent" }];
  const variable = /^\$\{?(\w+)\}?$/.exec(text)?.[1];
  if (variable) return [{ kind: "env", name: variable }];
  if (/[%${<]/.test(text)) return [{ kind: "unknown" }];
  return [literalFact(text === "*" ? "0.0.0.0" : text)];
}
