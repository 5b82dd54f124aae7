/** The files of a program that an image would hold, as text; and why others are left out. */

export interface SourceFiles {
  /** Shown in messages only. */
  root: string;
  /** Paths relative to the root, with `/`. */
  files(): Iterable<string> | Promise<Iterable<string>>;
  read(path: string): Promise<Uint8Array>;
  /** For each of the paths what tells its content from any other, without reading those that are known. */
  digests?(paths: readonly string[]): string[];
}

export const MAX_FILE_BYTES = 512 * 1024;
const MAX_TOTAL_BYTES = 64 * 1024 * 1024;

const LANGUAGES: Record<string, string> = {
  js: "javascript",
  mjs: "javascript",
  cjs: "javascript",
  jsx: "javascript",
  ts: "javascript",
  mts: "javascript",
  cts: "javascript",
  tsx: "javascript",
  py: "python",
  go: "go",
  java: "java",
  kt: "kotlin",
  kts: "kotlin",
  rb: "ruby",
  ru: "ruby",
  php: "php",
  rs: "rust",
  cs: "csharp",
};

const CONFIG =
  /(^|\/)([^/.]*entrypoint[^/.]*|run|start|startup|launch|serve|server|(?:GNU)?[Mm]akefile|\.?[Jj]ustfile|package\.json|tsconfig[^/]*\.json|[^/]*Dockerfile[^/]*|Containerfile|Procfile|requirements[^/]*\.txt|pyproject\.toml|Pipfile|setup\.(py|cfg)|go\.mod|pom\.xml|build\.gradle(\.kts)?|Gemfile|composer\.json|Cargo\.toml|Rocket\.toml|[^/]*\.csproj|(?:app|web)\.config|Caddyfile|[^/]*\.Caddyfile|\.env[^/]*|[^/]*\.(conf|properties|ya?ml|json5?|toml|ini|hocon|(?:ba)?sh|tf|cfg|xml|vhost|service))$/i;

/** Folders that no image's program is in. */
const VENDORED =
  /(^|\/)(node_modules|bower_components|vendor|third[_-]party|\.git|\.hg|\.svn|\.venv|venv|site-packages|__pycache__|\.tox|\.next|\.nuxt|\.output|\.cache|\.yarn|\.pnpm-store|target|\.gradle|\.idea|\.vscode|Pods|coverage|\.terraform|bin\/Debug|bin\/Release|obj)\//;
const BUILT = /(^|\/)(dist|build|out|lib-cov|public\/build|wwwroot\/lib|_build|esm|umd|cjs)\//;
const TEST_FOLDERS =
  /(^|\/)(tests?|specs?|__tests__|__mocks__|(?:[\w-]+-)?(?:mocks?|fakes?)|fake-[\w-]+|fixtures?|e2e|testdata|tests?[_-][\w-]+|[\w-]+[_-]tests?[_-]?(?:utils?|helpers?|support)|test(utils?|helpers?|data|server|fixtures)|cypress|playwright|integration[_-]?tests?|unit[_-]?tests?|src\/(test|integrationTest|integration|functionalTest|it)|benchmarks?|bench|perf|load[_-]?tests?|testing|(?:helper|http|server|utils?|api|net)test|[^/]+\.(?:\w*Tests?|\w*Testing)|[^/]+Tests)\//i;
const TEST_FILES =
  /(\.|-|_)(test|spec|e2e|bench|mock|stories|story|cy)s?\.[a-z]+$|(^|\/)(test_[^/]*|conftest|setup[_-]?tests?|jest\.[^/]*|vitest\.[^/]*|karma\.[^/]*|playwright\.[^/]*|cypress\.[^/]*)\.[a-z]+$|_test\.go$|(^|\/)(?:tests?\.rs|tests\.py)$|Tests?\.(java|kt|cs)$|_spec\.rb$|(^|\/)bin\/[\w-]+-test-[\w-]+\.php$|(^|\/)(Spec|Test)[A-Z]?[^/]*\.php$|Test\.php$/i;
/** The site of a project is made by scripts of JavaScript; `website/main.py` is a part of the program. */
const DOCUMENTATION =
  /(^|\/)(docs?|documentation|website(?!\/.*\.(?:py|rb|php|go|rs|java|kt|cs)$)|([\w]*[-_])?examples?|samples?|demos?|tutorials?|snippets|\.github|\.storybook|storybook|charts?|helm|k8s|terraform|deploy\/dev)\//i;
const BROWSER =
  /(^|\/)(public|static|wwwroot|assets|webroot|htdocs\/js|www\/js|client\/src|frontend\/src|web\/src|ui\/src|app\/assets|src\/main\/(?:resources|webapp)|browser)\//i;
/** Frameworks that run in a browser; what renders their pages on a server imports a server too. */
const BROWSER_IMPORT = /^(?:import|\})[^;"'\n]{0,400}\bfrom\s*["']@angular\/(?:core|router|forms)["']/m;
const SERVER_IMPORT = /\bfrom\s*["'](?:node:|https?["']|express|fastify|koa|@angular\/(?:ssr|platform-server))/;
const TOOLING =
  /(^|\/)((?:(?:dev|build|ci|release|helper|util)[-_])?(?:scripts?|tools?)|hack|gulpfile[^/]*|gruntfile[^/]*|webpack[^/]*|rollup\.[^/]*|vite\.config\.[a-z]+|babel\.[^/]*|tasks|\.?eslint[^/]*|prettier[^/]*|migrations?|seeders?|seeds?|cypress\.config\.[a-z]+|build\.(js|mjs|ts)|dev-server|dev-?server[^/]*\.[cm]?[jt]sx?|dev\.(js|mjs|ts)|setupProxy\.js|server\.dev\.[a-z]+|webpack-dev-server[^/]*|[^/]+\.main\.kts)(\/|$)/i;

/** Programs without an extension, as their manifests start them. */
const BARE_SCRIPT = /(^|\/)(bin|exe)\/[\w-]+$/;
/** What else may be one, where its first line says so: `./app`, the `scripts/serve` that a package installs. */
const MAYBE_SCRIPT = /^(?:(?:sbin|scripts?)\/)?(?![A-Z_]+$)[A-Za-z][\w-]*$/;
/** The program that a script's first line asks for, by language. */
const SHEBANGS: readonly [RegExp, string][] = [
  [/^#!.*\b(node|bun|deno|tsx|ts-node)\b/, "javascript"],
  [/^#!.*\bruby/, "ruby"],
  [/^#!.*\bpython/, "python"],
  [/^#!.*\bphp/, "php"],
  // `node bin/www` needs no such line.
  [/^(?:const|let|var) [\w{}, ]{1,60} = require\(["']/, "javascript"],
];

/** `packages/node_modules/` holds the program's own packages, laid where Node finds them without a link. */
const OWN_PACKAGES = /^packages\/node_modules(?=\/)/;

function vendored(path: string): boolean {
  return liesIn(VENDORED, path.replace(OWN_PACKAGES, "packages"));
}

/** To make a pattern ready costs a small program more than all its matches: none is for paths that are in no folder. */
function liesIn(folders: RegExp, path: string): boolean {
  return path.includes("/") && folders.test(path);
}

/** A folder whose files are never read. */
export function neverEntered(folder: string): boolean {
  return vendored(`${folder}/`);
}

/** `text`: of a script without an extension, whose first line tells; without it JavaScript is taken. */
export function languageOf(path: string, text?: string): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = path.lastIndexOf(".");
  if (BARE_SCRIPT.test(path)) return text === undefined ? "javascript" : shebang(text);
  if (text?.startsWith("#!") && MAYBE_SCRIPT.test(path)) return shebang(text);
  if (name === "config.ru" || name === "Rakefile" || name === "Gemfile") return "ruby";
  if (path.endsWith(".d.ts") || path.endsWith(".d.mts")) return undefined;
  return dot < 0 ? undefined : LANGUAGES[path.slice(dot + 1)];
}

/** Only its first line can tell whether it is code. */
function isMaybe(path: string): boolean {
  return MAYBE_SCRIPT.test(path) && !languageOf(path) && !CONFIG.test(path);
}

function shebang(text: string): string | undefined {
  const line = text.slice(0, 80).replace("\uFEFF", "").split("\n", 1)[0] ?? "";
  return SHEBANGS.find(([pattern]) => pattern.test(line))?.[1];
}

/** Is it what a command or a setting calls by this name, whatever folder of the image that is below? */
export function isAt(path: string, name: string): boolean {
  return path === name || path.endsWith(`/${name}`);
}

/** Why a path is not judged; undefined when it is. */
export function leftOut(path: string): string | undefined {
  // bottle.py is a framework in one file that programs carry along.
  if (vendored(path) || /(^|\/)bottle\.py$/.test(path)) return "vendored";
  // `src/main/java/com/example/benchmark/…` is a package, not a folder of examples or of benchmarks.
  const folder = /^(.*\/)?src\/main\/(java|kotlin|resources)\//.exec(path)?.[0];
  // `lib/pusher-fake/server.rb` is that of the gem called so.
  const gem = path.replace(/^(lib\/[\w-]+)-(?:fake|mock)(?=\/.*\.rb$)/, "$1");
  const tested = folder ? folder + path.slice(path.lastIndexOf("/") + 1) : gem;
  if (liesIn(TEST_FOLDERS, tested) || TEST_FILES.test(tested)) return "test";
  if (liesIn(DOCUMENTATION, folder ?? path)) return "documentation";
  // The go command passes over folders whose names begin so.
  if (/(^|\/)[_.][^/]*\/.*\.go$/.test(path)) return "not built";
  // Nothing is built into files of Rust: `src/dist/http.rs` is source.
  if (liesIn(BUILT, path) && !path.endsWith(".rs")) return "built";
  // `app/tools/main.py` is a part of the package `app`.
  // Nor is a project of C# among others: `src/Tools/Monitor/Program.cs`.
  if (/^src\/Tools\/[^/]+\/.*\.cs$/.test(path)) return undefined;
  // Folders of Java and Kotlin are packages.
  if (/(^|\/)src\/.*\.(java|kt)$/.test(path)) return undefined;
  if (TOOLING.test(folder ?? path) && !/^[^/]+\/(?:[^/]+\/)*(?:tools|tasks|scripts)\/[^/]+\.py$/.test(path))
    return "tooling";
  return undefined;
}

/** Scripts that a browser loads, not the server. */
export function isBrowserScript(path: string, text = ""): boolean {
  return (
    /\.(m?[jt]sx?|html?)$/.test(path) &&
    (liesIn(BROWSER, path) || (BROWSER_IMPORT.test(text) && !SERVER_IMPORT.test(text)))
  );
}

export interface LoadedProject {
  /** Code and configuration, by path. */
  texts: Map<string, string>;
  skipped: { file: string; why: string }[];
}

/** Paths of the code and configuration that the analysis may need, sorted. */
export async function filesToLoad(source: SourceFiles): Promise<string[]> {
  const wanted: string[] = [];
  for (const path of await source.files()) {
    if ((languageOf(path) || CONFIG.test(path) || isMaybe(path)) && !vendored(path) && !isForeign(path))
      wanted.push(path);
  }
  const carried = carriedPackages(wanted);
  return wanted.filter((p) => !carried.some((folder) => p.startsWith(folder))).sort();
}

/** What a generator wrote: messages of a protocol, steps of a database. Nothing in it starts a server. */
const GENERATED =
  /(^|\/)Migrations\/[^/]*\.cs$|\.(Designer|g|g\.i)\.cs$|ModelSnapshot\.cs$|\.pb(\.gw|\.validate)?\.go$|_pb2(_grpc)?\.pyi?$/;
/** Go's files for other systems and machines than Linux on x86-64, by their names. */
const ELSEWHERE =
  /_(windows|darwin|freebsd|netbsd|openbsd|dragonfly|solaris|illumos|aix|plan9|js|wasip1|android|ios)(_\w+?)?\.go$|_(386|arm|arm64|loong64|mips\w*|ppc64\w*|riscv64|s390x|wasm)\.go$/;
/** Where programs start and say what they are told. */
const FIRST = /(^|\/)(main|program|startup|bootstrap|server|app|application|index|config|settings?|options?)\w*\.\w+$/i;

function isForeign(path: string): boolean {
  return GENERATED.test(path) || ELSEWHERE.test(path);
}

/** What lies so deep is mostly what a program tells others (descriptions of interfaces, recipes of machines), and may be thousands of files. */
const DATA = /^(?:[^/]+\/){4}.*\.(?:json5?|ya?ml|xml|tf)$/;

/** How much is read in all is limited: what is judged comes first, and of that what starts a program. */
function byWeight(paths: readonly string[]): string[] {
  const weight = (p: string): number =>
    leftOut(p) ? 3 : DATA.test(p) && !FIRST.test(p) ? 2 : languageOf(p) === undefined || FIRST.test(p) ? 0 : 1;
  const weights = new Map(paths.map((p) => [p, weight(p)]));
  return [...paths].sort((a, b) => (weights.get(a) as number) - (weights.get(b) as number));
}

/** Packages of Python's index that programs carry along in a folder of their own (`lib/requests/`, `lib/six.py`). */
const CARRIED =
  /^(.*\/)?(?:(six|typing_extensions|decorator|appdirs)\.py|(requests|urllib3|certifi|idna|chardet|charset_normalizer|yaml|jinja2|markupsafe|werkzeug|bs4|dateutil|pytz|cherrypy|simplejson|html5lib|pkg_resources|tornado|attr|click|flask|sqlalchemy|mako|httplib2|itsdangerous)\/__init__\.py)$/;

/** Of these the ones that listen by themselves: a folder named `requests` alone may be the program's own. */
const SERVES = /^(cherrypy|tornado|werkzeug)$/;

/** Folders with several packages that nobody here wrote, and a server's alone where it is no project of its own. */
function carriedPackages(paths: readonly string[]): string[] {
  const found = new Map<string, string[]>();
  for (const path of paths) {
    const match = CARRIED.exec(path);
    if (!match) continue;
    const [, folder = "", , name = ""] = match;
    found.set(folder, [...(found.get(folder) ?? []), name]);
  }
  const all = new Set(paths);
  return [...found].flatMap(([folder, names]) => {
    if (folder && names.length >= 3) return [folder];
    const own = ["", "src/"].some(
      (src) => folder.endsWith(src) && isProject(folder.slice(0, folder.length - src.length), all),
    );
    return own ? [] : names.filter((name) => SERVES.test(name)).map((name) => `${folder}${name}/`);
  });
}

/** Is there what a package of Python is made from? */
function isProject(folder: string, paths: ReadonlySet<string>): boolean {
  return ["setup.py", "setup.cfg", "pyproject.toml"].some((name) => paths.has(folder + name));
}

/** Reads what the analysis may need: code and configuration files of sensible size. Never throws for one bad file. */
export async function loadProject(
  source: SourceFiles,
  signal?: AbortSignal,
  wanted?: readonly string[],
): Promise<LoadedProject> {
  const texts = new Map<string, string>();
  const skipped: { file: string; why: string }[] = [];
  let total = 0;
  const read = async (path: string): Promise<void> => {
    signal?.throwIfAborted();
    if (total > MAX_TOTAL_BYTES) {
      skipped.push({ file: path, why: "the program has more source than is read" });
      return;
    }
    let bytes: Uint8Array;
    try {
      bytes = await source.read(path);
    } catch {
      skipped.push({ file: path, why: "could not be read" });
      return;
    }
    if (bytes.byteLength > MAX_FILE_BYTES) {
      if (isMaybe(path)) return;
      skipped.push({ file: path, why: "too large" });
      return;
    }
    const text = decode(bytes);
    if (text !== undefined && BARE_SCRIPT.test(path) && !shebang(text) && !CONFIG.test(path)) return;
    if (isMaybe(path) && (text === undefined || !languageOf(path, text))) return;
    if (text === undefined) skipped.push({ file: path, why: "not text" });
    else if (languageOf(path) && !NEVER_MINIFIED.test(path) && isMinified(text))
      skipped.push({ file: path, why: "minified" });
    else {
      total += bytes.byteLength;
      texts.set(path, text);
    }
  };
  const queue = byWeight(wanted ?? (await filesToLoad(source)))[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (const path of queue) await read(path);
    }),
  );
  return {
    texts: new Map([...texts].sort(([a], [b]) => (a < b ? -1 : 1))),
    skipped: skipped.sort((a, b) => (a.file < b.file ? -1 : 1)),
  };
}

/** UTF-8 (or UTF-16 with its mark) as text, undefined for binary. */
function decode(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  const head = bytes.subarray(0, 4096);
  if (head.includes(0)) return undefined;
  const text = new TextDecoder("utf-8").decode(bytes);
  let broken = 0;
  for (let i = 0; i < Math.min(text.length, 4096); i++) if (text.charCodeAt(i) === 0xfffd) broken++;
  return broken > 200 ? undefined : text;
}

/** Very long lines on average: nobody wrote it by hand. */
/** Long lines in these are pictures and tables. */
const NEVER_MINIFIED = /\.(go|rs|java|kt|cs)$/;

function isMinified(text: string): boolean {
  if (text.length < 20_000) return false;
  let lines = 1;
  for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) lines++;
  return text.length / lines > 400;
}
