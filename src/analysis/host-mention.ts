/** Whether a file of the program opens a host or an address to all interfaces, where a value was not followed to its end. */
import { ownCode, scriptCode } from "./comments.ts";
import { TYPED } from "./evaluate/settings.ts";
import type { SourceFacts } from "./facts.ts";
import { isPeersFile, withoutPeers } from "./peers.ts";
import { languageOf, leftOut } from "./project.ts";
import { isOfOtherEnvironment } from "./settings/environments.ts";
import { OTHERS } from "./settings/other-address.ts";
import { plainName } from "./settings/setting-owners.ts";
import { MAKEFILE } from "./start/recipes.ts";

const WORDS = String.raw`(?:host|addr|address|bind|listen|interface|(?<![a-z])ip)\w{0,40}`;
/** `host: 0.0.0.0`, `BIND_ADDR=0.0.0.0`, `"--host", "0.0.0.0"`; `0.0.0.0/8` is a network, `"::" + address` a longer address. */
const OPENED = String.raw`["'\x60]?\s{0,20}(?:[:=,]|=>|\s)\s{0,20}["'\x60[]{0,9}\s{0,20}["'\x60]?(?:https?:\/\/|tcp:\/\/)?(?:0\.0\.0\.0(?!\/\d)|\[::\]|::["'\x60](?!\s*[+.]))`;
const OPEN = new RegExp(WORDS + OPENED, "gi");
/** The same in code, where the address is a text of its own and not a word of a sentence; `ipNet("0.0.0.0", 8, 32)` is a network, port 0 what asks others. */
const OPEN_TEXT = new RegExp(
  String.raw`${WORDS}["'\x60]?\s{0,20}(?:[:=,(]|=>|\s)\s{0,20}[^"'\x60\n;]{0,40}(?:\x60\w{0,20}[dD]efault\w{0,20}:)?["'\x60](?:https?:\/\/|tcp:\/\/)?(?:0\.0\.0\.0|\[::\]|::)(?::(?!0["'\x60])[^"'\x60\s]*)?["'\x60](?!\s{0,9},\s{0,9}\d{1,3}\s{0,9},\s{0,9}\d{1,3}\s{0,9}\))`,
  "gi",
);

/** `#[arg(default_value = "0.0.0.0:9898")] api_host: String`, `default_value_t = String::from("0.0.0.0")`, `= Ipv4Addr::UNSPECIFIED.into()`: the name comes after it. */
const OPEN_FIELD =
  /\bdefault_value\w{0,9}\s*=\s*(?:[\w:]{1,40}\()?(?:"(?:https?:\/\/)?(?:0\.0\.0\.0|\[::\])(?::[1-9]\d*)?"|[\w:]{0,20}\bIpv[46]Addr::UNSPECIFIED\b)[^\]]{0,300}\]\s*(?:pub(?:\([^)]*\))?\s+)?(\w+)\s*:/g;

/** What a text has to hold for that: many of Rust have `::`, few of them an address. */
const MAY_OPEN = /0\.0\.0\.0|\[::\]|["'`/]::|Addr::UNSPECIFIED/;

/** Folders of what tries the program out. */
const TRIES = /(?:^|\/)[\w.-]{1,60}[-_]tests?\//i;
/** Scripts that try the program out, also on a network of tests. */
const TESTS_SCRIPT = /(?:^|[/_.-])(?:reg|e2e-?)?tests?(?:net)?(?:[_.-][\w.-]*)?\.sh$|(?:^|\/)regtest\/.*\.sh$/i;
const DEPLOYS = /(?:^|\/)(?:docker-)?compose[\w.-]*\.ya?ml$|\.(?:tf|service)$/;
/** Files of JSON that are not called after settings. */
const DATA = /^(?!.*(?:conf|setting|option|default|prod|env|server)).*\.json$/i;
/** Scripts that start it on a developer's machine: `dev.sh`, `launchdev.sh`, `run_dev_server.sh`. */
const DEVELOPERS_SCRIPT = /(?:^|[/_.-])(?:launch|start|run|serve)?dev(?:el(?:op(?:ment)?)?)?(?:[_.-][\w.-]*)?\.sh$/i;
/** How editors start and debug it on a developer's machine, and what starts it there anew after each change (air, bacon, modd). */
const EDITORS =
  /(?:^|\/)(?:launchSettings\.json$|\.(?:vscode|idea|run|fleet|zed)\/|\.?air(?:\.\w+)*\.toml$|(?:bacon|cargo-watch)\.toml$|(?:modd|reflex)\.conf$|nodemon\.json$|\.realize\.ya?ml$)/;
/** Settings to start from, which nothing loads under their own name, and those of a developer's machine. */
const SAMPLE =
  /(?:^|[/._-])(?:example|sample)(?=[._-][^/]*$|$)|\.dist$|\.env[.-](?:template|dev|development|local|test|ci)$/i;

/** Settings for one purpose or another, of which a user gives one by its name: `templates/office.json`. */
const CHOICES = /(?:^|\/)(templates|presets|contrib)\/(?:[^/]+\/)*[^/]+\.(?:json5?|ya?ml|toml|ini|conf|cfg)$/;

const HELP = new RegExp(
  [
    String.raw`(?:--[\w-]{1,60}[ =]|\?[\w-]{1,60}=)["']?(?:https?:\/\/)?0\.0\.0\.0`,
    String.raw`\b(?:help|description|usage)\s*[=:]\s*(["'\`])(?:(?!\1)[^\\\n]|\\.)*\1`,
  ].join("|"),
  "g",
);
/** An address that another is compared with, or that stands in a list of those that are let in. */
const ASKED = new RegExp(
  [
    String.raw`(?:[!=]==?\s*|\b\w*(?:contains|equals|has_?prefix|starts_?with|includes|replace|match(?:es)?!?|compare)\w*\([^;"'\`)]{0,60})["'\`](?:\w+:\/\/)?(?:0\.0\.0\.0|\[?::\]?)[^"'\`\n]*["'\`]`,
    String.raw`["'\`](?:0\.0\.0\.0|\[?::\]?)["'\`]\s*(?:[!=]==?(?!=)|\.equals\w*\()`,
    // `replace(address, "0.0.0.0", "localhost")`: what a client asks instead.
    String.raw`["'\`](?:0\.0\.0\.0|\[?::\]?)["'\`]\s*,\s*["'\`](?:localhost|127\.0\.0\.1|\[?::1\]?)["'\`]`,
    // `if ("*".equals(host)) host = "0.0.0.0"`: what was asked for by another word.
    String.raw`\bif\s*\(?\s*(?:["'][*+]["']\s*(?:\.equals\w*\(|===?)[^\n{;]*|[\w.]+\s*(?:\.equals\w*\(|===?)\s*["'][*+]["'][^\n{;]*)\{\s*[^\n{};]+=\s*["'](?:0\.0\.0\.0|\[?::\]?)["']`,
    // `net.connect({ port, host: "0.0.0.0" })`: what is asked for is on this machine.
    String.raw`\b(?:connect|createConnection|create_connection)\(\s*\{[^{}\n;]{0,60}(?:\n[^{}\n;]{0,60}){0,3}["'](?:0\.0\.0\.0|\[?::\]?)["']`,
    // `{ port: 0, host: "0.0.0.0" }`: at a port that the system picks.
    String.raw`\bport["']?\s*[:=]\s*0\s*,\s*["']?host(?:name)?["']?\s*[:=]\s*["'](?:0\.0\.0\.0|\[?::\]?)["']|\bhost(?:name)?["']?\s*[:=]\s*["'](?:0\.0\.0\.0|\[?::\]?)["']\s*,\s*["']?port["']?\s*[:=]\s*0\b`,
    String.raw`\b\w*(?:allow|trust|block|deny|denied|ignore|exclude|forbid)\w*["']?\s*(?::=|=>|[:=,])\s*(?:\[\]string)?[[({]?\s*(?:["'][^"'\n]*["']\s*(?:,\s*)?)+`,
  ].join("|"),
  "gi",
);
/** A script that starts another program's image, or a server of a model or a database that is well known. */
const OTHERS_RUN =
  /\b(?:(?:docker|podman|nerdctl)\s+run|vllm\s+serve|vllm\.entrypoints|sglang\.launch_server|llama-server|text-(?:generation-launcher|embeddings-router)|tritonserver|jupyter(?:\s+|-)\w+|tensorboard|mlflow\s+(?:server|ui)|redis-server|mongod)\b(?:[^\n\\]|\\[\s\S])*/g;
/** What is so only in tests. */
const IN_TESTS = /\bif\s*\([^()\n]{0,120}test(?:ing|_?mode|_?env)?\b[^()\n]{0,120}\)\s*\{[^{}]{0,1000}\}/gi;
/** Scripts of package.json that are a developer's. */
const DEVELOPS = /"(?:dev|watch|test|storybook|preview|local|debug)[\w:.-]*"\s*:\s*"(?:[^"\\\n]|\\.)*"/g;
/** Configuration of what runs beside the program, by the words of its name. */
const BESIDE =
  /(?:^|[/._-])(?:nginx|grafana|loki|prometheus|otel|otelcol|tempo|jaeger|envoy|traefik|haproxy|caddy|caddyfile|redis|postgres(?:ql)?|mysqld?|mongod?|mongodb|kafka|rabbitmq)(?:[._-][^/]*)?$|(?:^|\/)(?:vite|webpack|playwright)\.config\.[^/]*$/i;

/** What the program says to people, in their languages, and what may be said to it. */
const TRANSLATED =
  /(?:^|[/_.-])schemas?[/.]|(?:^|\/)(?:lang|i18n|l10n|locales?|translations?|messages)\/|[_.-][a-z]{2}(?:[_-][A-Z]{2})?\.(?:properties|json|ya?ml)$/;

/** An address of all interfaces that a file gives to a name. */
interface Opened {
  name: string;
  /** That of the code; undefined in a recipe or in settings. */
  language: string | undefined;
}

/** Names that say no more than that it is an address to listen at, or all of them, and flags. */
const PLAINLY =
  /^--|^(?:all|any|wildcard)_?(?:ip|host|addr|interface)|(?:^|[.>])(?:host(?:name)?|ip|interface|bind|listen|addr(?:ess)?)(?:_?addr(?:ess)?)?$/i;

/**
 * Asks whether a file of the program that is neither test nor documentation gives a host or an address all interfaces. Asked
 * of a setting, code tells only by that name, or by one that says no more than that it is an address.
 *
 * @param languages of its servers: code in another is another program's
 * @returns `isFollowed` where the default of the setting is known: then only its own name in a recipe or in settings opens it
 */
export function openingsOf(
  texts: ReadonlyMap<string, string>,
  languages: ReadonlySet<string>,
): SourceFacts["opensElsewhere"] {
  let all: Opened[] | undefined;
  return ({ place: { file } }, setting, isFollowed = false) => {
    all ??= [...openedAddresses(texts, languages)];
    const own = setting && plainName(setting);
    const spoken = languageOf(file, texts.get(file));
    return all.some(({ name, language }) => {
      if (isFollowed) return language === undefined && isLong(own) && plainName(name).endsWith(own);
      if (language !== undefined && spoken !== undefined && !isSameProgram(language, spoken)) return false;
      return !own || language === undefined || PLAINLY.test(name) || plainName(name).endsWith(own);
    });
  };
}

/** Code in another language is another program's, but for Kotlin beside Java. */
function isSameProgram(one: string, other: string): boolean {
  return one === other || [one, other].every((l) => l === "java" || l === "kotlin");
}

/** Long enough to be one program's own name of it: `httpListenHost`, not `host`. */
function isLong(name: string | undefined): name is string {
  return name !== undefined && name.length > 8;
}

function* openedAddresses(texts: ReadonlyMap<string, string>, languages: ReadonlySet<string>): Generator<Opened> {
  for (const [path, text] of texts) {
    if (!text.includes("0.0.0.0") && !text.includes("::")) continue;
    const language = languageOf(path, text);
    const why = leftOut(path);
    if (isPeersFile(path) || TRIES.test(path)) continue;
    // Settings that a folder of tools or of a build holds go into the image as others do.
    if (BESIDE.test(path) || (why && (language !== undefined || !/^(built|tooling)$/.test(why)))) continue;
    if (language === undefined) {
      // What deploys an image says what it needs there: that the program by itself is not so.
      if (TRANSLATED.test(path) || DEPLOYS.test(path) || /^kind:[ \t]*[A-Z]\w+[ \t]*$/m.test(text)) continue;
      if (SAMPLE.test(path) && !isTaken(path, texts)) continue;
      const choice = CHOICES.exec(path)?.[1];
      if (choice !== undefined && !isNamed(choice, texts)) continue;
      // One of several ways to run it by hand.
      if (MAKEFILE.test(path.slice(path.lastIndexOf("/") + 1))) continue;
      if (
        TESTS_SCRIPT.test(path) ||
        DEVELOPERS_SCRIPT.test(path) ||
        EDITORS.test(path) ||
        isOfOtherEnvironment(path, texts)
      )
        continue;
      if (path.endsWith("package.json") && languages.size > 0 && !languages.has("javascript")) continue;
      const said = saidIn(path.endsWith("package.json") ? text.replace(DEVELOPS, "") : text);
      // `"ip": "0.0.0.0"` of a visitor or a session, in data: where a server listens has its port beside it.
      const isData = DATA.test(path) && !/"(?:\w*[_-])?port"\s*:/i.test(text);
      for (const opened of openedIn(said, OPEN, undefined)) if (!isData || opened.name !== "ip") yield opened;
    } else if (languages.size === 0 || languages.has(language)) {
      const typed = TYPED.test(language);
      if (!MAY_OPEN.test(text)) continue;
      // In code a flag with its value is what a help text says.
      const said = (typed ? ownCode : scriptCode)(text, language)
        .replace(HELP, "")
        .replace(ASKED, "")
        .replace(IN_TESTS, "");
      for (const opened of openedIn(said, typed ? OPEN_TEXT : OPEN, language))
        if (!EVERYWHERE.test(opened.name) || !isOnlyAskedFor(opened.name, language, texts)) yield opened;
    }
  }
}

/** A constant that is called after all interfaces: it opens nothing by itself. */
const EVERYWHERE = /^(?:[A-Z\d]+_)*(?:ALL|ANY|WILDCARD)_(?:IP|HOST|ADDR|INTERFACE)[A-Z\d_]*$/;

/** Is it only compared with, or what a switch stands for: `host === ALL_INTERFACES`, `host === true ? ALL_INTERFACES : LOCALHOST`? */
function isOnlyAskedFor(name: string, language: string, texts: ReadonlyMap<string, string>): boolean {
  const asked = new RegExp(
    `\\b(?:const(?: val| string)?|val|final String) ${name}\\b|[!=]==? ?${name}\\b|\\b${name} ?[!=]==?|=== true \\? ${name}\\b|^\\s*${name},?\\s*$|^\\s*(?:import|export)\\b|\\}\\s*=\\s*require\\(`,
  );
  for (const [path, text] of texts)
    if (text.includes(name) && languageOf(path, text) === language && !leftOut(path))
      if (text.split("\n").some((line) => line.includes(name) && !asked.test(line))) return false;
  return true;
}

/** What a file of settings gives all interfaces, by name. */
export function openedNames(text: string): string[] {
  return MAY_OPEN.test(text) ? [...openedIn(saidIn(text), OPEN, undefined)].map(({ name }) => name) : [];
}

/** Without what is a comment there, starts another image, or is compared with. */
function saidIn(text: string): string {
  return text
    .replace(/^[ \t]*(?:#|;|\/\/).*$/gm, "")
    .replace(OTHERS_RUN, "")
    .replace(ASKED, "");
}

/** Those that are not by their name for metrics, a database or the like. */
function* openedIn(said: string, open: RegExp, language: string | undefined): Generator<Opened> {
  const own = withoutPeers(said);
  for (const [, name = ""] of own.matchAll(OPEN_FIELD)) if (!OTHERS.test(name)) yield { name, language };
  for (const { 0: whole, index } of own.matchAll(open)) {
    const before = /[\w.-]*$/.exec(own.slice(Math.max(0, index - 60), index))?.[0] ?? "";
    const name = before + (/^[\w.-]*/.exec(whole)?.[0] ?? "");
    // What stands before it in a list of arguments is another one.
    if (!OTHERS.test(name)) yield { name: /^[\w.-]*\s*,/.test(whole) ? "" : name, language };
  }
}

/** Does anything that is not documentation name a folder, so that what lies there may be loaded? */
function isNamed(folder: string, texts: ReadonlyMap<string, string>): boolean {
  const named = new RegExp(`["'\`\\s./]${folder}["'\`/*]`);
  for (const [path, text] of texts) if (named.test(text) && leftOut(path) !== "documentation") return true;
  return false;
}

/** Is a sample copied to where it is loaded, by the image's recipe or the script that starts it, or put into the program? */
function isTaken(path: string, texts: ReadonlyMap<string, string>): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  for (const [p, text] of texts) {
    if (!text.includes(name)) continue;
    if (/Dockerfile|Containerfile|entrypoint|(?:^|\/)start[^/]*\.sh$/i.test(p)) return true;
    if (text.split("\n").some((line) => line.includes(name) && /go:embed|include_(?:str|bytes)!/.test(line)))
      return true;
  }
  return false;
}
