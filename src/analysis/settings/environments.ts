/** Settings files of an environment that the program is not in unless it is told so: `production.yaml` beside `local.yaml`. */
import { basename, dirname } from "node:path/posix";
import { writtenData } from "../config/shipped.ts";
import { languageOf, leftOut } from "../project.ts";
import { isLocalHost } from "../values.ts";

/** By its name of an environment in which a program is deployed, by itself or before the extension: `appsettings` apart. */
const DEPLOYED =
  /^(?:(?:config|settings?|app|application|env)[._-])?(?:prod|production|staging|release|docker|live)\.(?:ya?ml|toml|json5?|ini|conf)$/i;
const AT_HOME = /(?:^|[._-])(?:local|dev|devel|development)\.(?:ya?ml|toml|json5?|ini|conf)$/i;

/** `env::var("APP_ENVIRONMENT").unwrap_or_else(|_| "local".into())`, `os.environ.get("ENV", "dev")`: where nothing is said. */
const USUALLY_AT_HOME =
  /\b\w*(?:env|environment|profile|run_?mode|stage)\b["'\]) ]{0,4}[^;{}]{0,60}?["'](?:local|dev|devel|development)["']/i;
/** What an image, a start command or a deployment says of it. */
const TOLD =
  /\b\w*(?:ENV|ENVIRONMENT|PROFILE|RUN_?MODE|STAGE)\b["']?(?:\s*[=:]|\s+|\s*\n\s*value:)\s*["']?(?:prod|production|staging|release|docker|live)\b/i;
const TELLS =
  /(?:^|\/)(?:[^/]*Dockerfile[^/]*|Containerfile|Procfile|[^/]*\.sh|(?:docker-)?compose[^/]*\.ya?ml|fly\.toml|render\.yaml|app\.yaml|spec\.ya?ml|Makefile|[Jj]ustfile|\.env)$/;

const KNOWN = new WeakMap<ReadonlyMap<string, string>, boolean>();

/** What all environments have in common, over which the file of one is laid. Node's own images say which one. */
const COMMON = /^(?:base|default|common|(?:app|config|settings?)(?:[._-](?:base|default))?)\.(?:ya?ml|toml)$/i;
const OPEN = /^(?:0\.0\.0\.0|\[?::\]?)(?::\d+)?$/;

/**
 * Is it a file of settings that is only read where somebody says in which environment the program runs? What opens a server
 * in all of them does so too, where the file that is laid over it at home binds it to localhost.
 */
export function isOfOtherEnvironment(path: string, texts: ReadonlyMap<string, string>): boolean {
  const name = basename(path);
  const isCommon = COMMON.test(name) && !texts.has("package.json");
  if (!isCommon && !DEPLOYED.test(name)) return false;
  const beside = (other: string): boolean => dirname(other) === dirname(path) && AT_HOME.test(basename(other));
  const home = [...texts.keys()].filter(beside);
  if (home.length === 0 || (isCommon && !isBoundBy(home, path, texts))) return false;
  let isUsual = KNOWN.get(texts);
  if (isUsual === undefined) KNOWN.set(texts, (isUsual = isUsuallyAtHome(texts)));
  return isUsual;
}

/** Does one of these files say localhost for all that the other one opens? */
function isBoundBy(files: readonly string[], path: string, texts: ReadonlyMap<string, string>): boolean {
  const open = keysOf(writtenData(texts.get(path) ?? ""), (text) => OPEN.test(text));
  const local = files.flatMap((f) =>
    keysOf(writtenData(texts.get(f) ?? ""), (text) => isLocalHost(text.replace(/:\d+$/, ""))),
  );
  return open.length > 0 && open.every((key) => local.includes(key));
}

/** The keys, with those above them, of the texts that are so. */
function keysOf(data: unknown, is: (text: string) => boolean, above = ""): string[] {
  if (data === null || typeof data !== "object" || above.length > 200) return [];
  return Object.entries(data).flatMap(([key, value]) =>
    typeof value === "string" ? (is(value) ? [above + key] : []) : keysOf(value, is, `${above}${key}.`),
  );
}

function isUsuallyAtHome(texts: ReadonlyMap<string, string>): boolean {
  let found = false;
  for (const [path, text] of texts) {
    if (TELLS.test(path) && TOLD.test(text)) return false;
    if (!found && languageOf(path, text) !== undefined && !leftOut(path)) found = USUALLY_AT_HOME.test(text);
  }
  return found;
}

/** Does the image hold all that lies beside its recipe, `.env` too? Where there is no recipe the program runs where it lies. */
export function isEnvFileInImage(texts: ReadonlyMap<string, string>): boolean {
  const recipe = texts.get("Dockerfile");
  if (recipe === undefined) return ![...texts.keys()].some((p) => /(?:^|\/)[^/]*Dockerfile[^/]*$/.test(p));
  const last = recipe.slice(Math.max(0, ...[...recipe.matchAll(/^FROM /gim)].map((m) => m.index)));
  return (
    /^(?:COPY|ADD)\s+(?:--(?!from)\S+\s+)*\.\/?\s/m.test(last) &&
    !/^\/?(?:\.env|\*?\*?\/?\.env\*?)\s*$/m.test(texts.get(".dockerignore") ?? "")
  );
}
