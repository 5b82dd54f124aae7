/** Hosts that have a default in the code, over which the program lays a settings file of its own that opens them. */
import { dirname, join } from "node:path/posix";
import { escaped } from "../../base/escaped.ts";
import { closerAfter } from "../brackets.ts";
import { SETTINGS_FILE } from "../config/shipped.ts";
import type { FactValue, Listener } from "../facts.ts";
import { openedNames } from "../host-mention.ts";
import { languageOf, leftOut } from "../project.ts";
import { isLocalHost } from "../values.ts";
import { isEnvFileInImage, isOfOtherEnvironment } from "./environments.ts";
import { OTHERS } from "./other-address.ts";
import { plainName } from "./setting-owners.ts";

/**
 * `Config{Host: "localhost"}` beside `host: 0.0.0.0` in the `app.yaml` whose name the code says: what a decoder lays over the
 * default is not followed in each language, but that it is the file's is known by the name.
 */
export function giveFileHosts(listeners: readonly Listener[], texts: ReadonlyMap<string, string>): void {
  giveDotenv(listeners, texts);
  giveImages(listeners, texts);
  const files = openingFiles(texts);
  for (const l of files.length > 0 ? listeners : []) {
    const language = languageOf(l.place.file, texts.get(l.place.file));
    l.host = l.host.map((v) => {
      const name = namesOf(v, l, texts).find((n) =>
        files.some(
          ({ file, opens, stars, ports }) =>
            (opens.has(plainName(n)) ||
              (language === "csharp" && stars.has(plainName(n))) ||
              (language === "go" && ports.has(plainName(n)))) &&
            (isNamed(file, language, texts) || isGivenAtStart(file, texts)),
        ),
      );
      return name === undefined
        ? v
        : { kind: "option", name, fallback: [{ kind: "literal", value: "0.0.0.0" }], open: true };
    });
  }
}

/** What loads `.env` before the environment is read. */
const LOADS = /dotenv|\bload_?env\w*\(|\bread_env\(|\benv_file\b|--env-file|\bdecouple\b|process\.loadEnvFile/i;

/** `HOST=0.0.0.0` in the `.env` that the program ships and loads, or `HOST=localhost` there. */
function giveDotenv(listeners: readonly Listener[], texts: ReadonlyMap<string, string>): void {
  const own = texts.get(".env");
  const said = new Map<string, string>();
  for (const [, name = "", local = "0.0.0.0"] of (own ?? "").matchAll(SAYS)) said.set(name, local);
  if (said.size === 0 || ![...texts].some(([path, text]) => path !== ".env" && !leftOut(path) && LOADS.test(text)))
    return;
  const isShipped = isEnvFileInImage(texts);
  const given = (v: FactValue): FactValue => {
    const value = v.kind === "env" ? said.get(v.name) : undefined;
    return v.kind !== "env" || value === undefined || !(value === "0.0.0.0" || isShipped)
      ? v
      : { ...v, fallback: [{ kind: "literal", value }] };
  };
  for (const l of listeners) l.host = l.host.map(given);
}

/**
 * What an image of the program says, which may stand in a folder of images: `export EG_IP=${EG_IP:-0.0.0.0}` in the script
 * that it starts, `exec shop server --host 0.0.0.0` where `shop` is the command that the program installs.
 */
function giveImages(listeners: readonly Listener[], texts: ReadonlyMap<string, string>): void {
  if (!listeners.some((l) => l.host.some(isLocalByItself))) return;
  const open = new Set<string>();
  let byFlag = false;
  for (const [path, text] of texts) {
    if (!/(?:^|\/)Dockerfile$/.test(path) || leftOut(path)) continue;
    const last = text.slice(Math.max(0, ...[...text.matchAll(/^FROM /gim)].map((m) => m.index)));
    const names = [...last.matchAll(/^(?:CMD|ENTRYPOINT)\b.*?([\w.-]+\.sh)\b/gm)].map((m) => m[1] as string);
    for (const source of [last, ...names.map((name) => nearestFile(name, path, texts) ?? "")]) {
      for (const [, name = ""] of source.matchAll(SET_OPEN)) open.add(name);
      byFlag ||= [...source.matchAll(OPEN_COMMAND)].some(([, name = ""]) => isInstalled(name, texts));
    }
  }
  const isOpened = (v: FactValue): boolean => isLocalByItself(v) && (byFlag || (v.kind === "env" && open.has(v.name)));
  for (const l of listeners)
    l.host = l.host.map((v) =>
      isOpened(v) ? { ...(v as Setting), fallback: [{ kind: "literal", value: "0.0.0.0" }] } : v,
    );
}

/** The file of a name beside another one, or in a folder that this one is in. */
function nearestFile(name: string, from: string, texts: ReadonlyMap<string, string>): string | undefined {
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    const found = texts.get(join(folder, name));
    if (found !== undefined || folder === ".") return found;
  }
}

/** Is it the name of a command that the program installs: `shop = "shop.cli:main"`, `"bin": { "shop": … }`? */
function isInstalled(name: string, texts: ReadonlyMap<string, string>): boolean {
  const script = new RegExp(`(?:^|["'])${escaped(name)}["']?\\s*=\\s*["']?[\\w.]+:\\w`, "m");
  const bin = new RegExp(`"bin"\\s*:\\s*(?:\\{[^}]*"${escaped(name)}"\\s*:|"[^"]*\\b${escaped(name)}\\b)`);
  return ["pyproject.toml", "setup.py", "setup.cfg", "package.json"].some((manifest) =>
    (manifest === "package.json" ? bin : script).test(texts.get(manifest) ?? ""),
  );
}

type Setting = FactValue & { kind: "env" | "option" };

function isLocalByItself(v: FactValue): boolean {
  if (v.kind !== "env" && v.kind !== "option") return false;
  return (v.fallback ?? []).some((f) =>
    f.kind === "env" ? isLocalByItself(f) : f.kind === "literal" && isLocalHost(f.value),
  );
}

/** `exec shop server --host 0.0.0.0`, `CMD ["shop", "--host", "0.0.0.0"]` */
const OPEN_COMMAND =
  /^[ \t]*(?:exec[ \t]+|(?:CMD|ENTRYPOINT)[ \t]*(?:\[[ \t]*["'])?)?([\w-]+)\b[^\n|&;]*?--(?:host|bind|listen|address|addr|ip|hostname|interface)(?:[= \t]|["'],[ \t]*["'])["']?(?:0\.0\.0\.0|\[?::\]?)(?!\d)/gm;
/** `export IP=${IP:-0.0.0.0}` of a script, `ENV IP=0.0.0.0` of an image. */
const SET_OPEN =
  /^[ \t]*(?:export[ \t]+|ENV[ \t]+)?([A-Z]\w*)[= \t]["']?(?:\$\{\1:?[-=])?(?:0\.0\.0\.0|\[?::\]?)\}?["']?[ \t]*(?:#.*)?$/gm;
const SAYS =
  /^[ \t]*(?:export[ \t]+)?(\w+)[ \t]*=[ \t]*["']?(?:0\.0\.0\.0|::|\[::\]|(localhost|127\.0\.0\.1|\[?::1\]?)(?::\d{2,5})?)["']?[ \t]*(?:#.*)?$/gm;

/** What a default of localhost is called that does not stand in the call itself: by its option, or as `Host: "localhost"`. */
function namesOf(v: FactValue, { place }: Listener, texts: ReadonlyMap<string, string>): string[] {
  if (v.kind === "option") {
    const isLocal = (v.fallback ?? []).some((f) => f.kind === "literal" && isLocalHost(f.value));
    return isLocal ? [v.name.replace(/^.*[.:]|^-+/, "")] : [];
  }
  if (v.kind !== "literal" || !isLocalHost(v.value)) return [];
  if (!v.at) {
    // Where the default stands is not known: what the call is given has its name.
    const text = texts.get(place.file) ?? "";
    const name = text.slice(place.start, place.end);
    // Of Kotlin's calls only the name has a place.
    const call = name.endsWith("(") ? text.slice(place.start, closerAfter(text, place.end - 1) + 1) : name;
    return call.includes(String(v.value))
      ? []
      : (call.match(/\w*(?:host|addr(?:ess)?|bind|listen|interface)\b/gi) ?? []);
  }
  const { file, start } = v.at;
  if (file === place.file && start >= place.start && start < place.end) return [];
  return NAMED.exec((texts.get(file) ?? "").slice(Math.max(0, start - 80), start))?.slice(1) ?? [];
}

/** `Host: `, `c.Host = `, `val host: String = `, `Host { get; set; } = `, `host: String::from(` */
const NAMED = /(\w+)["']?\s*(?:\{ get; \w+; \}\s*)?(?::\s*[\w<>?]+\s*)?[:=]\s*(?:[\w:.]+\(\s*)?$/;

/** `"Hostname": "*"`: all interfaces, as .NET says it. */
const STAR = /["']((?!allow)\w*(?:host(?:name)?|addr(?:ess)?|interface|ip))["']\s*:\s*["'][*+]["']/gi;

/** `listen: ":8080"`: all interfaces, as Go says it. */
const BARE_PORT =
  /["']?\b(\w*(?:host|addr(?:ess)?|listen\w*|bind\w*))["']?[ \t]*[:=][ \t]*["']?:\d{2,5}["']?[ \t]*(?:[,}#\n]|$)/gim;

interface Opening {
  file: string;
  opens: ReadonlySet<string>;
  stars: ReadonlySet<string>;
  ports: ReadonlySet<string>;
}

/** The settings files that open an address: how they are called, and by which names, also those that only a star or a bare port opens. */
function openingFiles(texts: ReadonlyMap<string, string>): Opening[] {
  return [...texts, ...writtenByScripts(texts)].flatMap(([path, text]) => {
    if (!SETTINGS_FILE.test(path) || leftOut(path) || isOfOtherEnvironment(path, texts)) return [];
    const opens = new Set(openedNames(text).map((name) => plainName(name.replace(/^.*\./, ""))));
    const namesIn = (pattern: RegExp): Set<string> =>
      new Set([...text.matchAll(pattern)].flatMap(([, name = ""]) => (OTHERS.test(name) ? [] : [plainName(name)])));
    const [stars, ports] = [namesIn(STAR), namesIn(BARE_PORT)];
    const file = path.slice(path.lastIndexOf("/") + 1);
    return opens.size + stars.size + ports.size > 0 ? [{ file, opens, stars, ports }] : [];
  });
}

/** `cat > /etc/shop.yaml <<EOT` of a script that starts the program: settings that it writes before. */
function writtenByScripts(texts: ReadonlyMap<string, string>): [string, string][] {
  return [...texts].flatMap(([path, text]): [string, string][] =>
    STARTS.test(path) && !leftOut(path)
      ? [...text.matchAll(HEREDOC)].flatMap(([, before = "", , after = "", body = ""]): [string, string][] => {
          const file = />\s*["']?([\w./${}-]*[\w-]\.\w+)/.exec(`${before} ${after}`)?.[1];
          return file ? [[file.replace(/^.*\//, ""), body]] : [];
        })
      : [],
  );
}
const STARTS = /(?:^|\/)(?:[^/]*\.sh|[\w-]*entrypoint[\w-]*|(?:Docker|Container)file)$/;
const HEREDOC =
  /^(?![ \t]*#)([^\n]*?)<<-?[ \t]*["']?(\w{1,30})["']?([^\n]*)\n([\s\S]{0,4000}?)\n[ \t]*\2[ \t]*(?=\n|$)/gm;

/** Does the program's code say the file's name, or without its extension in quotes: `SetConfigName("config")`? */
function isNamed(file: string, language: string | undefined, texts: ReadonlyMap<string, string>): boolean {
  const bare = new RegExp(`["'/]${escaped(file.replace(/\.\w+$/, ""))}["']`);
  for (const [path, text] of texts)
    if (languageOf(path, text) === language && !leftOut(path) && (text.includes(file) || bare.test(text))) return true;
  return false;
}

/** Is the program started with it: `COPY docker.toml /etc/app/config.toml`, `CMD ["app", "-c", "/etc/app/config.toml"]`? */
function isGivenAtStart(file: string, texts: ReadonlyMap<string, string>): boolean {
  const name = new RegExp(`(?:^|[/"'=\\s])${escaped(file)}(?![\\w.-])`);
  const starts = [...texts].flatMap(([path, text]) => {
    if (leftOut(path)) return [];
    if (/(?:^|\/)Procfile$/.test(path)) return text.match(/^web:.*$/m) ?? [];
    return /(?:^|\/)Dockerfile$/.test(path)
      ? (text.replace(/\\\r?\n/g, " ").match(/^(?:CMD|ENTRYPOINT)\b.*$/gim) ?? [])
      : [];
  });
  return starts.some((line) => name.test(line));
}
