/** What a script tells at a glance of whether it serves: patterns of its text, without its comment lines. */
import { canonicalJson } from "../base/canonical-json.ts";
import { portlessIn } from "./portless.ts";

export interface Glance {
  /** Characters. */
  length: number;
  /** Literal specifiers of its imports, each once. */
  imports: string[];
  /** Folders that it names and of which it loads what lies in them, as they are written; `.`: its own. */
  folders: string[];
  /** Scripts that it starts in threads and processes of their own: beside it, or where the program is started. */
  programs: string[];
  /** What stands before a name that is only known when it runs, of modules that it loads by such names: `../commands/`. */
  beforeNames: string[];
  /** A package's program, a package manager or a line with node that it starts in another process: `npx http-server public`. */
  launch?: { line: number; command: string };
  /** It makes a server by itself. */
  creates: boolean;
  /** It makes one of some class that is named so: `new grpc.Server()`. */
  constructs: boolean;
  /** A call that listens, and one that may. */
  strong?: Call;
  weak?: Call;
  readsPort: boolean;
  /** It asks the environment for PORT, or for what a value names, which may be that. */
  asksForPort: boolean;
  runtime?: "bun" | "deno";
  portless: ReturnType<typeof portlessIn>;
  /** What counts where the file is the entry. */
  asEntry(): EntryGlance;
}

export interface Call {
  line: number;
  name: string;
  /** A port that only root may open, where the call says so itself or by the name of a constant. */
  rootPort?: number;
}

export interface EntryGlance {
  exportsFetch: boolean;
  exportsHandler: boolean;
  /** An app of a framework's whose `listen` opens a port; `handed`: something is called with it, which may open one. */
  exportsApp?: "alone" | "handed";
  /** `exports.name = (req, res) => …`: a function that something else is to serve. */
  isHandlerModule: boolean;
}

const STRONG =
  /(?:\.|\b)(listen|bindAsync|startStandaloneServer|listenAsync)(?:["']\s*\])?(?:\.(?:apply|bind|call))?\s*\(|\b(?:new\s+(?:\w+\.)?(?:WebSocketServer|Server)\s*\(\s*\{[^}]*port)/;
const WEAK =
  /\.(?:start|lift|serve|run|ignite|launch|init)\s*\(|\b(?:serve|startServer|createServer|listen|http|cloudEvent)\s*\(/;
/** A bundler's short name for it too: `import { createServer as r } from "http"`. */
const CREATES =
  /\bcreate(?:Secure)?Server\s*(?:\(|as\s+[\w$]+\s*[,}]|:\s*[\w$]+\s*[,}])|\bnew\s+(?:http\.)?Server\s*\(/;
const EXPORTS_FETCH =
  /export\s+default\s+(?:\{[\s\S]*?\bfetch\b|(?:app|server|api|router)\b(?!\s*[.(]))|export\s*\{[^}]*\bas\s+default\b/;
const EXPORTS_HANDLER = /\bmodule\.exports\s*=|\bexports\.\w+\s*=|\bexport\s+(?:default|const|(?:async\s+)?function)\b/;

/** @param whole the file's text */
export function glanceAt(whole: string): Glance {
  const text = whole.replace(/^[ \t]*(?:\/\*\*.*?\*\/|(?:\/\/|\*).*$)/gm, "");
  const strong = callIn(text, STRONG);
  const weak = callIn(text, WEAK);
  const runtime = /\bDeno\.serve\s*\(|\bfrom\s+["']https:\/\/deno\.land/.test(text)
    ? "deno"
    : /\bBun\.serve\s*\(/.test(text)
      ? "bun"
      : undefined;
  return {
    length: text.length,
    imports: importsOf(text),
    folders: foldersOf(text),
    programs: programsOf(text),
    beforeNames: beforeNames(text),
    creates: CREATES.test(text),
    constructs: /\b(?:new|extends)\s+[\w$.]*Server\b/.test(text),
    ...(strong && { strong }),
    ...(weak && { weak }),
    ...launchIn(text),
    readsPort: /\bPORT\b/.test(text),
    asksForPort:
      /\benv\b\W{0,4}PORT\b|\bPORT\b[^{}]*\}\s*=\s*(?:process\.)?env\b|["']PORT["']|\benv\s*\[\s*[^\s"']/.test(text),
    ...(runtime && { runtime }),
    portless: portlessIn(text),
    asEntry: () => ({
      exportsFetch: EXPORTS_FETCH.test(text) && /\bfetch\b|hono/i.test(text) && !exportsFunction(text),
      exportsHandler: EXPORTS_HANDLER.test(text),
      ...appOf(text),
      isHandlerModule: isHandlerModule(text),
    }),
  };
}

/** `function lookup() { … } export { lookup as default }`: a library's. */
function exportsFunction(text: string): boolean {
  const name = /\bexport\s*\{[^}]*?([\w$]+)\s+as\s+default\b/.exec(text)?.[1]?.replaceAll("$", "\\$");
  return name !== undefined && new RegExp(`\\bfunction\\s+${name}\\b`).test(text);
}

/** Frameworks whose apps have a method `listen` that takes a port, or `fetch`, and the names that they are imported by. */
const APP_MODULE =
  /\b(?:import\s+([^;"'()]+?)\s+from\s+|(?:const|let|var)\s+([^;=()]+?)\s*=\s*require\(\s*)["'](?:express|fastify|koa|polka|connect|@tinyhttp\/app|elysia|h3)["']/g;
const EXPORTED =
  /\bexport\s+default\s+([\w$]+)\s*(?:;|$)|\bexport\s*\{\s*([\w$]+)\s+as\s+default\b|\bmodule\.exports\s*=\s*([\w$]+)\s*(?:;|$)|(?<![\w$.])(?!exports\b)([\w$]+)\s*=\s*(?:exports\s*=\s*)?module\.exports\s*=|^export\s*=\s*([\w$]+)/m;

/** What the packages export besides: no app, or one without these methods. */
const NO_APP = /^(?:Router|createApp|createRouter)$/;

/** `const app = express(); … export default app`, `const app = module.exports = new Koa()`, `export default new Elysia()`. */
function appOf(text: string): Pick<EntryGlance, "exportsApp"> {
  const name = EXPORTED.exec(text)?.slice(1).find(Boolean)?.replaceAll("$", "\\$");
  const made = new RegExp(
    `${name === undefined ? "(?:\\bexport\\s+default|\\bmodule\\.exports\\s*=)" : `(?<![\\w$.])${name}(?:\\s*:[^=\\n]+)?\\s*=(?:\\s*(?:module\\.)?exports\\s*=)*`}\\s*(?:await\\s+)?(?:new\\s+)?([\\w$]+)(?:\\.default)?\\(`,
  ).exec(text)?.[1];
  if (made === undefined || NO_APP.test(made)) return {};
  const makers = [...text.matchAll(APP_MODULE)].flatMap(([, imported, required]) =>
    (imported ?? required)?.match(/[\w$]+/g),
  );
  if (!makers.includes(made)) return {};
  // As an argument, or in an object or an array that may be one; a list of exports is none.
  const given = `(?:[\\w$)\\]]\\s*\\(|[,{[:]|=>)\\s*${name}\\s*(?:[,)}\\]]|\\.callback\\()`;
  const handed = name !== undefined && new RegExp(given).test(text.replace(/\bexport\s*\{[^}]*\}/g, ""));
  return { exportsApp: handed ? "handed" : "alone" };
}

/** What stands behind `listen(`: a number or a name, as it is or as the `port` of an object. */
const PORT_ARGUMENT = /^\s*(?:\{[^{}]*?(?=\bport\b)(?:port\s*:\s*)?)?(?:["']?(\d+)["']?|([\w$]+))\s*[,)}]/;

/** Not any port that is written down: clients have some too. */
function rootPortOf(behind: string, text: string): { rootPort?: number } {
  const [, written, name] = PORT_ARGUMENT.exec(behind) ?? [];
  const port = Number(written ?? (name && constantIn(text, name)) ?? 0);
  return port > 0 && port < 1024 ? { rootPort: port } : {};
}

/** The number that a name stands for. Undefined too where it is given a value more than once. */
function constantIn(text: string, name: string): string | undefined {
  const word = name.replaceAll("$", "\\$");
  const written = [
    ...text.matchAll(new RegExp(`(?<![\\w$.])${word}(?:\\s*:\\s*\\w+)?\\s*=(?![=>])\\s*([^\\n;,]*)`, "g")),
  ];
  return written.length === 1 ? /^["']?(\d+)["']?\s*$/.exec(written[0]?.[1] ?? "")?.[1] : undefined;
}

/** Equal where two texts tell the same; their lengths, and the lines of calls, do not count. */
export function glanceKey(text: string): string {
  const { length: _length, strong, weak, launch, asEntry, ...rest } = glanceAt(text);
  return canonicalJson([
    rest,
    launch?.command ?? null,
    strong?.name ?? null,
    strong?.rootPort ?? null,
    weak?.name ?? null,
    asEntry(),
  ]);
}

function isHandlerModule(text: string): boolean {
  return /\bexport(?:s\.\w+\s*=|\s+const\s+\w+\s*=|\s+(?:async\s+)?function\s+\w+|\s+default)[^\n]*\(\s*req\w*\s*(?::[^,)]+)?,\s*res/.test(
    text,
  );
}

/** `require(fast ? "./a" : "./b")`, both. */
const CHOICE = /\b(?:require|import)\s*\([^()"'`;{}]{0,200}\?\s*["']([^"'\n]+)["']\s*:\s*["']([^"'\n]+)["']\s*\)/g;

/** `require(path.join(__dirname, "lib", "server"))`, `require(__dirname + "/server")`, `` import(`${import.meta.dirname}/a.js`) `` */
const BESIDE =
  /\b(?:require|import)\s*\(\s*(?:(?:path\s*\.\s*)?(?:join|resolve)\s*\(\s*(?:__dirname|import\.meta\.dirname)\s*,\s*((?:["'`][^"'`$\n]*["'`]\s*,?\s*)+)\)|(?:__dirname|import\.meta\.dirname)\s*\+\s*["'`]([^"'`$\n]*)["'`]|`\$\{(?:__dirname|import\.meta\.dirname)\}([^`$\n]*)`)\s*\)/g;

/** A script's path, or the parts of it, as it is written for another thread or process: the one group. */
const SCRIPT = String.raw`(?:new\s+URL\s*\(\s*|(?:path\s*\.\s*)?(?:join|resolve)\s*\(\s*__dirname\s*,\s*|__dirname\s*\+\s*|require\.resolve\s*\(\s*)?((?:["'\x60][\w./-]+["'\x60]\s*,\s*)*["'\x60][\w./-]+\.[cm]?[jt]s["'\x60])`;
/** `new Worker(new URL("./web.js", import.meta.url))`, `fork(path.join(__dirname, "web.js"))`. */
const OTHER_THREAD = new RegExp(String.raw`\b(?:new\s+Worker\s*\(|fork\s*\(|exec\s*:)\s*${SCRIPT}`, "g");
/** `spawn("node", ["web.js"])`, `execa(process.execPath, ["--no-warnings", "web.js"])`. */
const OTHER_NODE = new RegExp(
  String.raw`\b(?:spawn|execFile|execa)(?:Sync)?\s*\(\s*(?:["'\x60]node["'\x60]|process\.(?:execPath|argv0|argv\[0\]))\s*,\s*\[\s*(?:["'\x60]--?[\w=:./-]+["'\x60]\s*,\s*)*${SCRIPT}`,
  "g",
);

function programsOf(text: string): string[] {
  const found = [...text.matchAll(OTHER_THREAD), ...text.matchAll(OTHER_NODE)];
  return [...new Set(found.map(([, parts = ""]) => written(parts).replace(/^\//, "")))];
}

const OTHER_PROGRAM =
  /\b(?:spawn|execFile|execa|exec)(?:Sync)?\s*\(\s*["'`]((?:npx|npm|pnpm|yarn|bunx|node(?= )|(?:\.\/)?node_modules\/\.bin\/[\w.-]+)(?:\s[^"'`\n]*)?)["'`](?:\s*,\s*\[([^\]\n]*)\])?/;

function launchIn(text: string): Pick<Glance, "launch"> {
  const found = OTHER_PROGRAM.exec(text);
  if (!found) return {};
  const [, program = "", list = ""] = found;
  const args = [...list.matchAll(/["'`]([^"'`\n]*)["'`]/g)].map(([, arg]) => arg as string);
  return { launch: { line: text.slice(0, found.index).split("\n").length, command: [program, ...args].join(" ") } };
}

/** Every literal specifier of import, export … from, require() and import(). */
export function importsOf(text: string): string[] {
  const found = new Set<string>();
  const statements =
    /(?:\bfrom|\bimport|\brequire(?:\.resolve)?\s*\(|\bimport\s*\(|\b__(?:non_webpack_)?require\w*\s*\()\s*["'`]([^"'`\n$]+)["'`]/g;
  for (const match of text.matchAll(statements)) found.add(match[1] as string);
  for (const [, joined = "", added, filled] of text.matchAll(BESIDE))
    found.add(`./${added ?? filled ?? written(joined)}`);
  for (const [, first, second] of text.matchAll(CHOICE)) for (const one of [first, second]) found.add(one as string);
  return [...found];
}

/** `for (const file of readdirSync(join(__dirname, "plugins"))) require(…)`: plug-ins, routes, commands. */
const SCANS = /\breaddir(?:Sync)?\s*\(|\bglob(?:\.?[sS]ync)?\s*\(/;
const LOADS_BY_NAME = /\b(?:require|import)\s*\(\s*(?:(?!["'`)])|`[^`$]*\$\{|["'][^"'\n]*["']\s*\+)/;
const OWN_FOLDER = /\breaddir(?:Sync)?\s*\(\s*(?:__dirname|import\.meta\.dirname)\s*[,)]/;
const PATH_WRITTEN = /["'`]\.{0,2}\/?([\w@-][\w@.-]*(?:\/[\w@-][\w@.-]*)*)(?:\/?["'`]|\/(?:\$\{|\*))/g;

function foldersOf(text: string): string[] {
  if (!SCANS.test(text) || !LOADS_BY_NAME.test(text)) return [];
  const named = [...text.matchAll(PATH_WRITTEN)].map(([, path]) => path as string);
  return [...new Set([...(OWN_FOLDER.test(text) ? ["."] : []), ...named])];
}

/** `"../commands/" + name`, `${__dirname}/commands/${name}`. */
const PATH_TO_NAME =
  /["'`](?:\$\{(?:__dirname|import\.meta\.dirname)\})?\/?((?:\.{1,2}\/)+(?:[\w-][\w.-]*\/)*|(?:[\w-][\w.-]*\/)+)(?:["']\s*\+|\$\{)/g;
/** `path.join(__dirname, "..", "commands", name)` */
const JOINED_TO_NAME =
  /\b(?:join|resolve)\s*\(\s*(?:__dirname|import\.meta\.dirname)\s*,\s*((?:["'][\w./-]+["']\s*,\s*)+)(?:[\w$]|`\$\{)/g;
/** yargs: `.commandDir("commands")` */
const COMMANDS = /\.\s*commandDir\s*\(\s*["']([\w./-]+)["']/g;

function beforeNames(text: string): string[] {
  const computed = LOADS_BY_NAME.test(text) ? [...text.matchAll(PATH_TO_NAME), ...text.matchAll(JOINED_TO_NAME)] : [];
  return [...new Set([...computed, ...text.matchAll(COMMANDS)].map(([, path = ""]) => written(path)))];
}

/** The path that the arguments of `join` are: `"..", "commands"` */
const written = (list: string) => list.replace(/["'`\s]/g, "").replace(/,/g, "/");

function callIn(text: string, pattern: RegExp): Call | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const name = match[0]
    .replace(/["'\s\]]*(?:\.(?:apply|bind|call)\s*)?\(.*$/s, "")
    .replace(/^[.\s["']+/, "")
    .replace(/^new\s+/, "new ");
  const rootPort = rootPortOf(text.slice(match.index + match[0].length), text);
  return { line: text.slice(0, match.index).split("\n").length, name, ...rootPort };
}
