/** Whether a program could know the variable PORT at all, where a value was not followed to its end. */
import { ownCode } from "./comments.ts";
import { TYPED } from "./evaluate-settings.ts";
import { languageOf, leftOut } from "./project.ts";

/** How a language names the variable: as a string mostly; a constant called PORT is none. */
const PORT_IN_CODE: Record<string, RegExp> = {
  javascript: /["'`]PORT["'`]|\.PORT\b|\bPORT\s*[:,}?]|\$\{?PORT\b/,
  python: /^[ \t]*PORT\s*:|\.PORT\b|\$\{?PORT\b|BaseSettings[\s\S]*\bport\s*:/m,
  // `$PORT` is a variable of its own.
  php: /["']PORT["']/,
};
const PORT_AS_TEXT = /["']PORT["']|\bkey=PORT\b|"PORT[,;]|[ ,;]PORT"|\$\{?\??PORT\b|%PORT%/;
/** What fills settings from the whole environment, by the names of fields. */
const WHOLE_ENVIRONMENT =
  /\benvy::from_env|\bEnvironment::default\(\)|\bEnv::raw\(\)|envconfig\.(?:Must)?Process\(\s*""|(?<!SetEnvPrefix[\s\S]*)\bAutomaticEnv\(\)(?![\s\S]*SetEnvPrefix)/;
/** `env.Options{Prefix: "APP_"}` of Go goes before each name that the tags of the file give. */
export const ENV_PREFIX = /\bOptions\{[^}]*?\bPrefix:\s*"(\w+)"/;
/** As a value of a configuration file: `port: PORT`, `"port": "PORT"`. */
const PORT_AS_VALUE = /(?<!\bname)["']?\s*[:=]\s*["']?PORT["']?\s*,?\s*$/m;

/** Python keeps settings of that name in dictionaries too: the word counts where the environment is read. */
const PYTHON_ENVIRONMENT =
  /environ\b|getenv|decouple|dotenv|dynaconf|\b[eE]nv\w*\s*[.([]|envvar|env_var|starlette\.config/;
/** The environment is read by names that are computed: any word may be one. */
const PYTHON_COMPUTED =
  /(?:environ(?:\.get)?|getenv)\s*[[(]\s*(?:f["']|[a-z_]\w*\s*[\].,)[(+])|\bin\s+(?:os\.)?environ\b|\*\*(?:os\.)?environ\b|environ\.(?:items|keys)\(/;

/** A key of the program's own settings, which says nothing of the environment: `app.config["PORT"]`. */
const PYTHON_SETTING = /\b(?:\w*config|settings)\[\s*["']PORT["']\s*\]/gi;

function pythonMentions(text: string, computed: () => boolean): boolean {
  const others = computed() ? text : text.replace(PYTHON_SETTING, "");
  return /["']PORT["']/.test(others) && (PYTHON_ENVIRONMENT.test(text) || computed());
}

const SETTINGS = /(^|[/.-])(settings|config|configuration)(\/[\w./-]+)?\.[cm]?[jt]s$/;

/** Lines of a script that ask a port, or look at one, and start nothing on it. */
const ASKS = /\b(curl|wget|nc|socat|lsof|fuser|grep|echo|printf|log|kill|test)\b|\[\[? |^\s*#/;

/** A script whose PORT is its own. */
const SETS = /(^|\s)PORT=(?!.*\$\{?PORT)|\bread\b.*\bPORT\b|\bfor PORT in\b/m;

/** Does anything that is not a test read the variable PORT? Asked of the languages whose servers were found. */
export function portMentioned(
  texts: ReadonlyMap<string, string>,
  judged: readonly string[],
  languages: Set<string>,
): boolean {
  let anyName: boolean | undefined;
  const computed = (): boolean =>
    (anyName ??= judged.some((p) => p.endsWith(".py") && PYTHON_COMPUTED.test(texts.get(p) as string)));
  for (const path of judged) {
    const language = languageOf(path, texts.get(path)) ?? "";
    if (languages.size > 0 && !languages.has(language)) continue;
    // `value_name("PORT")`, `[PORT]` in a usage line: words of a help text. Or one in a list of words:
    // attributes of a cookie, commands of a protocol.
    const text = (texts.get(path) as string).replace(
      /(value_name\(|meta[vV]ar\s*=\s*|PlaceHolder\()\s*["']PORT["']|\[PORT\]|--[\w-]+[ =]<?PORT\b|(?:"[A-Z][A-Z_-]*",\s*){3,}"PORT"/g,
      "",
    );
    if (language === "go" && ENV_PREFIX.test(text) && !/(?<!env:)"PORT"/.test(text)) continue;
    if ((text.includes("PORT") || language === "python") && (PORT_IN_CODE[language] ?? PORT_AS_TEXT).test(text))
      return true;
    if (language === "python" && pythonMentions(text, computed)) return true;
    if (language !== "javascript" && WHOLE_ENVIRONMENT.test(text)) return true;
  }
  for (const [path, text] of texts) {
    // Settings that are loaded by a path which was not followed.
    if (languages.has("javascript") && SETTINGS.test(path) && !leftOut(path) && /\.PORT\b|["'`]PORT["'`]/.test(text))
      return true;
    if (languageOf(path, text) !== undefined || !text.includes("PORT") || leftOut(path)) continue;
    if (
      /\.env[^/]*$|\.md$|docker-compose|compose\.ya?ml|package\.json$|(^|\/)(assets|langs?|locales?|i18n|translations?)\//.test(
        path,
      )
    )
      continue;
    const script = /\.sh$|entrypoint[^/.]*$|(^|\/)(run|start|startup|launch|serve)$/.test(path);
    const reads = /Dockerfile/i.test(path)
      ? /^\s*(?:CMD|ENTRYPOINT|RUN)\b.*\$\{?PORT\b/m.test(text)
      : script
        ? !SETS.test(text) && text.split("\n").some((line) => /\$\{?\??PORT\b/.test(line) && !ASKS.test(line))
        : /\$\{?\??PORT\b/.test(text) || PORT_AS_VALUE.test(text);
    if (reads) return true;
  }
  return false;
}

/** `host: 0.0.0.0`, `BIND_ADDR=0.0.0.0`, `"--host", "0.0.0.0"`; `0.0.0.0/8` is a network. */
const OPEN =
  /(?:host|addr|address|bind|listen|interface|(?<![a-z])ip)\w*["'`]?\s*(?:[:=,]|=>|\s)\s*["'`[]*\s*["'`]?(?:https?:\/\/|tcp:\/\/)?(?:0\.0\.0\.0(?!\/\d)|\[::\]|::["'`])/i;
/** The same in code, where the address is a text of its own and not a word of a sentence. */
const OPEN_TEXT =
  /(?:host|addr|address|bind|listen|interface|(?<![a-z])ip)\w*["'`]?\s*(?:[:=,(]|=>|\s)\s*[^"'`\n;]{0,40}["'`](?:https?:\/\/|tcp:\/\/)?(?:0\.0\.0\.0|\[::\]|::)(?::[^"'`\s]*)?["'`]/i;

/** What a text has to hold for that: many of Rust have `::`, few of them an address. */
const MAY_OPEN = /0\.0\.0\.0|\[::\]|["'`/]::/;

const DEPLOYS = /(?:^|\/)(?:docker-)?compose[\w.-]*\.ya?ml$|\.tf$|\.env[.-](?:example|sample|template|dist)$/;

const HELP = /(?:--[\w-]+[ =]|\?[\w-]+=)["']?(?:https?:\/\/)?0\.0\.0\.0/g;
/** Configuration of what runs beside the program, by the words of its name. */
const BESIDE =
  /(?:^|[/._-])(?:nginx|grafana|loki|prometheus|otel|otelcol|tempo|jaeger|envoy|traefik|haproxy|caddy|caddyfile|redis|postgres(?:ql)?|mysqld?|mongod?|mongodb|kafka|rabbitmq)(?:[._-][^/]*)?$|(?:^|\/)(?:vite|webpack|playwright)\.config\.[^/]*$/i;

/**
 * Is a host or an address given all interfaces by a file of the program that is neither test nor documentation?
 *
 * @param languages of its servers: code in another is another program's
 */
export function opensElsewhere(texts: ReadonlyMap<string, string>, languages: ReadonlySet<string>): boolean {
  for (const [path, text] of texts) {
    if (!text.includes("0.0.0.0") && !text.includes("::")) continue;
    const language = languageOf(path, text);
    const why = leftOut(path);
    // Settings that a folder of tools or of a build holds go into the image as others do.
    if (BESIDE.test(path) || (why && (language !== undefined || !/^(built|tooling)$/.test(why)))) continue;
    if (language === undefined) {
      // What deploys an image says what it needs there: that the program by itself is not so.
      if (DEPLOYS.test(path) || /^kind:[ \t]*[A-Z]\w+[ \t]*$/m.test(text)) continue;
      if (path.endsWith("package.json") && languages.size > 0 && !languages.has("javascript")) continue;
      if (OPEN.test(text.replace(/^\s*(?:#|;|\/\/).*$/gm, ""))) return true;
    } else if (languages.size === 0 || languages.has(language)) {
      const typed = TYPED.test(language);
      if (typed && !MAY_OPEN.test(text)) continue;
      // In code a flag with its value is what a help text says.
      const said = (typed ? ownCode(text, language) : text).replace(HELP, "");
      if ((typed ? OPEN_TEXT : OPEN).test(said)) return true;
    }
  }
  return false;
}
