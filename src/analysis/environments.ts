/** Settings files of an environment that the program is not in unless it is told so: `production.yaml` beside `local.yaml`. */
import { basename, dirname } from "node:path/posix";
import { languageOf, leftOut } from "./project.ts";

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

/** Is it a file of settings that is only read where somebody says in which environment the program runs? */
export function isOfOtherEnvironment(path: string, texts: ReadonlyMap<string, string>): boolean {
  if (!DEPLOYED.test(basename(path))) return false;
  const beside = (other: string): boolean => dirname(other) === dirname(path) && AT_HOME.test(basename(other));
  if (![...texts.keys()].some(beside)) return false;
  let isUsual = KNOWN.get(texts);
  if (isUsual === undefined) KNOWN.set(texts, (isUsual = isUsuallyAtHome(texts)));
  return isUsual;
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
