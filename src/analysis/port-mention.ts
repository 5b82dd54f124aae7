/** Whether a program could know the variable PORT at all, where a value was not followed to its end. */
import { blankComments } from "./comments.ts";
import { TYPED } from "./evaluate/settings.ts";
import { languageOf, leftOut } from "./project.ts";

/** How a language names the variable: as a string mostly; a constant called PORT is none. */
const PORT_IN_CODE: Record<string, RegExp> = {
  javascript: /["'`]PORT["'`]|\.PORT\b|\bPORT\s*[:,}?]|\$\{?PORT\b/,
  python: /^[ \t]*PORT\s*:|\$\{?PORT\b/m,
  // `$PORT` is a variable of its own, and `"PORT" => 9501` an entry of the settings, which is read as `$conf["PORT"]`.
  php: /(?:\$(?:_ENV|_SERVER|\w*[eE]nv\w*)\[|(?=["'])(?<!\[\s{0,80}))["']PORT["'](?!\s*=>)/,
  // `"$PORT"` is filled with a constant, `"\${PORT}"` with what Spring finds.
  kotlin: /["']PORT["']|"PORT[,;]|\\\$\{?PORT\b/,
};
/** A constant of the file's own, or of another file of the program, that does not come of the variable there. */
const OWN_PORT =
  /\b(?:const|let|var)\s+PORT\s*(?::[^=\n]{1,80})?=(?![^;\n]{0,400}\bPORT\b)|\bimport\s*\{[^{}]{0,400}\bPORT\b[^{}]{0,400}\}\s*from\s*["'](?:\.|[@~]\/)|\{[^{}]{0,400}\bPORT\b[^{}]{0,400}\}\s*=\s*require\(\s*["']\.[^)\n]{0,400}\)\s*(?:[;,]|$)/m;
/** What names the variable beside such a constant; one that is taken out of something else is not the constant. */
const BESIDE_OWN_PORT = /["'`]PORT["'`]|\.PORT\b|\bPORT\s*:(?!\s*PORT\b)|\bPORT\b[^{}]{0,400}\}\s*=(?!\s*require\()/;
const PORT_AS_TEXT = /["']PORT["']|\b(?:key|env)=PORT\b|"PORT[,;](?! )|[,;] ?PORT"|\$\{?\??PORT\b|%PORT%/;
/** What fills settings from the whole environment, by the names of fields. */
const WHOLE_ENVIRONMENT =
  /\benvy::from_env|\bEnvironment::default\(\)|\bEnv::raw\(\)|envconfig\.(?:Must)?Process\(\s*""|\bport\s*:(?<=#\[(?:arg|clap|structopt)\((?:[^\]"]|"[^"]{0,200}"){0,200}(?<!::)\benv\b(?!\s*=|::)(?:[^\]"]|"[^"]{0,200}"){0,200}\]\s*(?:#\[[^\]]{0,200}\]\s*){0,9}(?:pub\s+)?port\s*:)/;
/** Viper reads each of its keys so, where the program sets no prefix: asked apart, for a look behind over a whole text is tried at each of its places. */
const fillsAll = (text: string): boolean =>
  WHOLE_ENVIRONMENT.test(text) || (/\bAutomaticEnv\(\)/.test(text) && !text.includes("SetEnvPrefix"));

/** Variables that are read by the names of settings in capitals, with nothing before them: `process.env[key.toUpperCase()]`; or all of them, in small letters. */
export const BY_CASE =
  /(?:\benv\[|\bENV\[|\b(?:ENV\.fetch|[gG]et_?env|environ\.get|LookupEnv|env::var(?:_os)?|GetEnvironmentVariable)\(|\benviron\[)[^\])"'`+\n]{0,80}(?:\.to_?upper(?:_?case|Invariant)?\(|\.upper\(|\.upcase\b|strtoupper\(|ToUpper)|(?:\bObject\.(?:keys|entries)\(process\.env\)|\bfor\b[^\n]{1,60}\bin (?:process\.env|(?:os\.)?environ(?:\.items\(\))?)\b|\bENV\.each)(?:(?!starts?_?with)[\s\S]){0,300}?\b(?:toLowerCase|lower|downcase)\b|\b\w+\.lower\(\)[^\n]{0,60}\bfor\b[^\n]{1,60}\bin (?:os\.)?environ\b(?![^\n]{0,80}\bstartswith\b)/i;
/** `env.Options{Prefix: "APP_"}` of Go goes before each name that the tags of the file give. */
export const ENV_PREFIX = /\bOptions\{[^}]*?\bPrefix:\s*"(\w+)"/;
/** A function of Go that reads what it is given behind a prefix: `os.Getenv(envPrefix + key)`, `os.LookupEnv("APP_" + name)`. */
const PREFIXED = /\b(?:Getenv|LookupEnv)\(\s*(?:"[A-Z]\w*_"|(?:\w+\.)*\w*[pP]refix\w*)\s*\+/;

/** Names of such functions, and of those that call one. */
function prefixedReaders(texts: ReadonlyMap<string, string>, judged: readonly string[]): RegExp | undefined {
  const functions: [name: string, body: string][] = [];
  if (!judged.some((p) => p.endsWith(".go") && PREFIXED.test(texts.get(p) as string))) return undefined;
  for (const path of judged)
    if (path.endsWith(".go"))
      for (const [, name = "", body = ""] of (texts.get(path) as string).matchAll(
        /^func (?:\([^)\n]*\) )?(\w+)(\([\s\S]*?^\})/gm,
      ))
        functions.push([name, body]);
  const direct = functions.filter(([, body]) => PREFIXED.test(body)).map(([name]) => name);
  if (direct.length === 0) return undefined;
  const calls = new RegExp(`\\b(?:${direct.join("|")})\\(\\s*[a-z]`);
  const through = functions.filter(([, body]) => calls.test(body)).map(([name]) => name);
  return new RegExp(`\\b(?:${[...new Set([...direct, ...through])].join("|")})\\(\\s*"PORT"`, "g");
}

/** As a value of a configuration file: `port: PORT`, `"port": "PORT"`. */
const PORT_AS_VALUE = /(?<!\bname)["']?\s*[:=]\s*["']?PORT["']?\s*,?\s*$/m;

/** Python keeps settings of that name in dictionaries too: the word counts where the environment is read. */
const PYTHON_ENVIRONMENT =
  /environ\b|getenv|decouple|dotenv|dynaconf|\b[eE]nv\w*\s*[.([]|envvar|env_var|starlette\.config/;
/** The environment is read by names that are computed: any word may be one. */
const PYTHON_COMPUTED =
  /(?:environ(?:\.get)?|getenv)\s*[[(]\s*(?:f["']|[a-z_]\w*\s*[\].,)[(+])|\bin\s+(?:os\.)?environ\b|\*\*(?:os\.)?environ\b|environ\.(?:items|keys)\(/;

/** A key of the program's own settings, which says nothing of the environment: `app.config["PORT"]`. */
const PYTHON_SETTING = /\b(?:\w*config|settings)\[\s*["']PORT["']\s*\]|\.config\.get\(\s*["']PORT["']/gi;

/** Fields of pydantic's settings are variables of their names, behind the class's prefix where it has one. */
const PYTHON_FIELD = /BaseSettings[\s\S]*\bport\s*:/;
const PYTHON_PREFIX = /\benv_prefix["']?\s*[=:]\s*(?:["']\w|(?!None\b)[A-Za-z_])/;

/** What Python's programs call so themselves: a name of a module that is assigned, a member of one, an option of a command line. */
const PYTHON_OWN = /^[ \t]*(?:\w+\.)*PORT\s*=(?!=)|\bdest\s*=\s*["']PORT["']/m;

function pythonMentions(text: string, computed: () => boolean): boolean {
  if (PYTHON_FIELD.test(text) && !PYTHON_PREFIX.test(text)) return true;
  const others = computed() ? text : text.replace(PYTHON_SETTING, "");
  return /["']PORT["']/.test(others) && (PYTHON_ENVIRONMENT.test(text) || computed());
}

const SETTINGS = /(^|[/.-])(settings|config|configuration|environments?)(\/[\w./-]+)?\.[cm]?[jt]s$/;

/** Lines of a script that ask a port, or look at one, and start nothing on it. */
const ASKS = /\b(curl|wget|nc|socat|lsof|fuser|grep|echo|printf|log|kill|test)\b|\[\[? |^\s*#/;

/** A script whose PORT is its own. */
const SETS = /(^|\s)PORT=(?!.*\$\{?PORT)|\bread\b.*\bPORT\b|\bfor PORT in\b/m;

/** The npm package `config` maps PORT to a setting, whoever hands that on (Feathers' `app.get("port")`). */
function configPackageMentions(texts: ReadonlyMap<string, string>): boolean {
  return [...texts].some(
    ([path, text]) =>
      /(?:^|\/)config\/custom-environment-variables\.(?:json5?|ya?ml)$/.test(path) &&
      /:\s*(["']?)PORT\1\s*(?:[,}\r\n]|$)/.test(text),
  );
}

/**
 * `value_name("PORT")`, `value_of("PORT")`, `[PORT]` in a usage line: words of a help text. Or one in a list of words:
 * attributes of a cookie, commands of a protocol. Or what another program is given: `env["PORT"] = port`, `{ PORT: this.port }`. Or the end of
 * a longer name: `prefix + "PORT"`.
 */
const OTHER_PORTS =
  /\bPORT["']?\s*:\s*(?:String\(|`\$\{|(?:\w+\.)+port\b|port\.toString)|\.env\(\s*"PORT"\s*,|(value_(?:name|of)\(|value_name\s*=\s*|Arg::(?:new|with_name)\(|get_one(?:::<\w+>)?\(|meta[vV]ar\s*=\s*|PlaceHolder\(|\b(?:opt|req)(?:opt|multi)\((?:\s*"[^"\n]{0,200}",){3})\s*["']PORT["']|\[PORT\]|--[\w-]{1,60}[ =]<?PORT\b|\w\s{0,3}\+\s{0,3}["']PORT["']|"PORT"(?<=(?:"[A-Z][A-Z_-]{0,40}",\s{0,80}){3}"PORT")|\["PORT"\]\s*=(?!=)|\b(?:WriteString|[sS]et_?(?:env|var))\("PORT"/g;

/** Does anything that is not a test read the variable PORT? Asked of the languages whose servers were found. */
export function portMentioned(
  texts: ReadonlyMap<string, string>,
  judged: readonly string[],
  languages: Set<string>,
): boolean {
  if ((languages.size === 0 || languages.has("javascript")) && configPackageMentions(texts)) return true;
  let anyName: boolean | undefined;
  const computed = (): boolean =>
    (anyName ??= judged.some((p) => p.endsWith(".py") && PYTHON_COMPUTED.test(texts.get(p) as string)));
  // `settings.PORT` of a library that fills it from the environment.
  const isOwn =
    (languages.size === 0 || languages.has("python")) &&
    judged.some((p) => p.endsWith(".py") && PYTHON_OWN.test(texts.get(p) as string)) &&
    !computed();
  const prefixed = languages.has("go") ? prefixedReaders(texts, judged) : undefined;
  for (const path of judged) {
    const language = languageOf(path, texts.get(path)) ?? "";
    if (languages.size > 0 && !languages.has(language)) continue;
    const whole = texts.get(path) as string;
    const code = /^(go|rust)$/.test(language) && whole.includes("PORT") ? blankComments(whole) : whole;
    const text = code.includes("PORT") ? code.replace(OTHER_PORTS, "") : code;
    if (language === "go" && prefixed && text.includes('"PORT"') && !PORT_AS_TEXT.test(text.replace(prefixed, "")))
      continue;
    if (language === "go" && ENV_PREFIX.test(text) && !/(?<!env:)"PORT"/.test(text)) continue;
    const named =
      language === "javascript" && text.includes("PORT") && OWN_PORT.test(text)
        ? BESIDE_OWN_PORT
        : (PORT_IN_CODE[language] ?? PORT_AS_TEXT);
    if ((text.includes("PORT") || language === "python") && named.test(text)) return true;
    if (language === "python" && !isOwn && /\.PORT\b/.test(text)) return true;
    if (language === "python" && pythonMentions(text, computed)) return true;
    if (language !== "javascript" && fillsAll(text)) return true;
    // `getenv(key.toUpperCase())` with "app.port" reads APP_PORT: where a variable may be called so, the name is a text.
    if ((TYPED.test(language) ? /["']port["']/i : /\bport\b/i).test(text) && BY_CASE.test(text)) return true;
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
    const reads = /(^|\/)Procfile$/.test(path)
      ? /^(?!docs?:|assets:|worker:|release:).*\$\{?PORT\b/m.test(text)
      : /Dockerfile/i.test(path)
        ? /^[ \t]*(?:CMD|ENTRYPOINT|RUN)\b.*\$\{?PORT\b/m.test(text)
        : script
          ? !SETS.test(text) && text.split("\n").some((line) => /\$\{?\??PORT\b/.test(line) && !ASKS.test(line))
          : /\$\{?\??PORT\b/.test(text) || PORT_AS_VALUE.test(text);
    if (reads) return true;
  }
  return false;
}
