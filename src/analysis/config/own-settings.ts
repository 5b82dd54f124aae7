/** The address that a program's own settings file gives its server: `config.toml`, `conf/app.ini`, `settings.yaml`. */
import { basename } from "node:path/posix";
import { parseLooseJson } from "../javascript/resolve.ts";
import { languageOf, leftOut } from "../project.ts";
import { SERVICE_PORTS } from "../service-ports.ts";
import { isEnvFileInImage, isOfOtherEnvironment } from "../settings/environments.ts";
import { isLocalHost } from "../values.ts";

const FILE =
  /(^|\/)(conf|config|configs|etc|settings)\/[\w.-]+\.(toml|ya?ml|ini|cfg|json)$|(^|\/)conf\/app\.conf$|(^|\/)(config|settings|app|server|defaults?)([.-]default|\.prod(uction)?)?\.(toml|ya?ml|ini|cfg|json)$/;
/** Any other file of settings: only where the section is the very one that the program reads. */
const SETTINGS = /\.(toml|ya?ml|ini|cfg|conf|json)$/;
const NO_SETTINGS = /(^|\/)(package|tsconfig|composer|[\w.-]*lock|docker-compose|compose)[\w.-]*\.\w+$|(^|\/)\./;
/** Sections that hold where a server listens. */
export const SECTION = /^(default|servers?|http|web|app|application|listen|listener|api|service)$/i;

/** A group of those that are asked, or answered to: each has an address in a section of its own. */
const ELSEWHERE = /endpoints$|upstreams?$|backends?$|clients?$|peers$|targets?$|remotes?$|services$/i;

/** Those of a database, a broker, a cache. */
const SERVICE_PORT = new RegExp(`^(?:${SERVICE_PORTS})$`);
/** What stands beside the host of a database. */
const DATABASE = /^(user|username|password|passwd|database|db|dbname|dialect|schema)$/;

/**
 * An address with a port under `name`, a host that has a port beside it, or one that is all interfaces or localhost and
 * has nothing of a database beside it; in a section of the server or of `owner`, or at the top.
 */
export function ownSetting(
  texts: ReadonlyMap<string, string>,
  name: string,
  owner: string | undefined,
): string | undefined {
  const key = plain(name);
  for (const file of filesOf(texts)) {
    const { path, text, usual } = file;
    if (!usual && owner === undefined && !isNamed(file, texts)) continue;
    file.sections ??= sectionsOf(path, text);
    for (const [section, values] of file.sections) {
      // `config.channel.inet` is `inet` in the section `channel`.
      const own = owner !== undefined && plain(section) === plain(owner);
      if (!own && !usual && !isNamed(file, texts)) continue;
      if (section !== "" && !own && !SECTION.test(section)) continue;
      const value = values.get(key);
      if (value === undefined) continue;
      if (/^(\[[\da-f:]+\]|[\w.-]*):\d{2,5}$/i.test(value)) return value;
      if (!HOST.test(key)) continue;
      if (/^\d+$/.test(values.get("port") ?? "")) return value;
      const plainly = isLocalHost(value) || value === "0.0.0.0";
      if (plainly && ![...values.keys()].some((k) => DATABASE.test(k))) return value;
    }
  }
  return undefined;
}

/**
 * The hosts that the program's settings files give a server with its port: in a section of the server or at the top, with
 * nothing of a database beside them.
 */
export function ownHosts(texts: ReadonlyMap<string, string>): { name: string; host: string }[] {
  const found: { name: string; host: string }[] = [];
  for (const file of filesOf(texts)) {
    if (!file.usual) continue;
    file.sections ??= sectionsOf(file.path, file.text);
    for (const [section, values] of file.sections) {
      const port = values.get("port") ?? "";
      if ((section !== "" && !SECTION.test(section)) || !/^\d{2,5}$/.test(port) || SERVICE_PORT.test(port)) continue;
      if ([...values.keys()].some((key) => DATABASE.test(key))) continue;
      for (const [name, host] of values) if (HOST.test(name)) found.push({ name, host });
    }
  }
  return found;
}

/** Where the program listens, by keys that say so, in settings files that its code names: an address with its port each. */
export function ownAddresses(texts: ReadonlyMap<string, string>): { name: string; address: string }[] {
  const found: { name: string; address: string }[] = [];
  for (const file of filesOf(texts)) {
    if (!file.usual && !isSaid(file.path, texts)) continue;
    file.sections ??= sectionsOf(file.path, file.text);
    for (const [section, values] of file.sections)
      for (const [name, address] of values.get("enabled") === "false" ? [] : values)
        if (
          /listen|bind/.test(name) &&
          ADDRESS.test(address) &&
          !ELSEWHERE.test(section) &&
          !BESIDE.test(section + name)
        )
          found.push({ name, address });
  }
  return found;
}

const ADDRESS = /^(?:\[[\da-f:]+\]|[\w.-]*):\d{2,5}$/i;
/** What listens beside what is served. */
const BESIDE = /metric|prometheus|debug|pprof|profil|health|telemetry|admin|manage|p2p|peer|gossip|cluster|others/i;

const HOST =
  /^(http|web|webui|server|api|app)?(host|hostname|address|addr|bind|ip|listen|bindaddress|bindhost|bindaddr|listenaddr|listenaddress|listenhost|interface|ipaddress)$/;

/** Does the code say the file's name? One at the root, or in a folder there. */
function isNamed(file: SettingsFile, texts: ReadonlyMap<string, string>): boolean {
  const { path } = file;
  if (file.named === undefined) {
    file.named =
      /config|setting|option|conf\b/i.test(basename(path)) && path.split("/").length < 3 && isSaid(path, texts);
  }
  return file.named;
}

function isSaid(path: string, texts: ReadonlyMap<string, string>): boolean {
  const name = basename(path);
  return [...texts].some(([p, text]) => languageOf(p, text) !== undefined && saysWhole(text, name) && !leftOut(p));
}

/** At the end of a text in quotes of any kind. */
function saysWhole(text: string, name: string): boolean {
  return ['"', "'", "`"].some((quote) => text.includes(name + quote));
}

interface SettingsFile {
  path: string;
  text: string;
  /** By its name it is the program's own. */
  usual: boolean;
  /** Some file of code says its name. */
  named?: boolean;
  sections?: Map<string, Map<string, string>>;
}

/** What is asked again and again of one program is found out once. */
const FILES = new WeakMap<ReadonlyMap<string, string>, SettingsFile[]>();

function filesOf(texts: ReadonlyMap<string, string>): SettingsFile[] {
  let files = FILES.get(texts);
  if (!files) {
    files = [];
    for (const [path, text] of texts) {
      if ((!SETTINGS.test(path) && path !== ".env") || leftOut(path)) continue;
      const usual = FILE.test(path) || (path === ".env" && isSaid(path, texts) && isEnvFileInImage(texts));
      if (usual || !NO_SETTINGS.test(path)) files.push({ path, text, usual });
    }
    // What the file of another environment says counts where no other says anything.
    const isLast = (f: SettingsFile): number => Number(isOfOtherEnvironment(f.path, texts));
    if (files.length > 1) files.sort((a, b) => isLast(a) - isLast(b));
    FILES.set(texts, files);
  }
  return files;
}

function plain(name: string): string {
  return name.replace(/[-_]/g, "").toLowerCase();
}

/** Plain values by section, as far as lines show them: TOML, INI, and YAML by what is indented; JSON as it is. */
function sectionsOf(path: string, text: string): Map<string, Map<string, string>> {
  const json = path.endsWith(".json") ? parseLooseJson(text) : undefined;
  if (json && typeof json === "object") return sectionsOfJson(json);
  const sections = new Map<string, Map<string, string>>();
  const yaml = /\.ya?ml$/.test(path);
  const open: { indent: number; name: string }[] = [];
  let section = "";
  for (const line of text.split("\n")) {
    const header = /^\s*\[([\w.-]+)\]\s*$|^["']?(\w+)["']?\s*:\s*\{?\s*$/.exec(line);
    if (header) section = (header[1] ?? header[2]) as string;
    const nested = yaml ? /^( *)(?=[^\s#])(?:([\w-]+):(?= *(?:#.*)?$))?/.exec(line) : null;
    if (nested) {
      const indent = (nested[1] as string).length;
      while (open.length > 0 && (open.at(-1)?.indent ?? 0) >= indent) open.pop();
      // What stands at the edge belongs to no section.
      section = open.some(({ name }) => ELSEWHERE.test(name)) ? "(others)" : (open.at(-1)?.name ?? "");
      if (nested[2] !== undefined) open.push({ indent, name: nested[2] });
    }
    const m = /^(\s*)["']?([\w-]+)["']?\s*[:=]\s*["']?([^"'\s#,]+)["']?\s*,?\s*(?:#.*)?$/.exec(line);
    if (!m) continue;
    const values = sections.get(section) ?? new Map<string, string>();
    sections.set(section, values.set(plain(m[2] as string), m[3] as string));
  }
  return sections;
}

/** Deeper than this nothing is a setting. */
const DEEPEST = 16;

/** Objects by their keys, on any level; of a list the one that it holds. */
function sectionsOfJson(json: object): Map<string, Map<string, string>> {
  const sections = new Map([["", new Map<string, string>()]]);
  const read = (group: object, name: string, depth: number): void => {
    if (depth > DEEPEST) return;
    const values = sections.get(name) ?? new Map<string, string>();
    for (const [key, value] of Object.entries(group)) {
      const only = Array.isArray(value) && value.length === 1 ? value[0] : value;
      if (typeof only !== "object" || only === null) values.set(plain(key), String(value));
      else if (!Array.isArray(only))
        read(only, ELSEWHERE.test(name) || ELSEWHERE.test(key) ? "(others)" : key, depth + 1);
    }
    sections.set(name, values);
  };
  read(json, "", 0);
  return sections;
}
