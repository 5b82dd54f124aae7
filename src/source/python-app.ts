/** Python: which file makes the app, by which framework, and who installs its packages. */
import { posix } from "node:path";
import type { Source } from "./open.ts";
import { toolVersion } from "./tool-versions.ts";

export interface PythonApp {
  framework: string | null;
  /** `pip`, `uv`, `poetry`, `pipenv`, `pdm`. */
  manager: string;
  /** File that makes or starts the app; null: none is to be seen. */
  entry: string | null;
  /** The entry makes an object of the framework, or imports one. */
  certain: boolean;
  manifests: string[];
  /** As the project writes it. */
  version: string | null;
}

/** Distribution → class whose call makes an app; undefined: it is started as a script. First named, first asked. */
export const PYTHON_FRAMEWORKS: readonly [name: string, type: string | undefined][] = [
  ["fastapi", "FastAPI"],
  ["flask", "Flask"],
  ["litestar", "Litestar"],
  ["quart", "Quart"],
  ["sanic", "Sanic"],
  ["python-fasthtml", "(?:fast_app|FastHTML)"],
  ["streamlit", undefined],
  ["gradio", undefined],
  ["chainlit", undefined],
  ["dash", "Dash"],
  ["falcon", "(?:App|API)"],
  ["blacksheep", "Application"],
  ["robyn", "Robyn"],
  ["starlette", "Starlette"],
  ["bottle", "Bottle"],
  ["pyramid", undefined],
  ["aiohttp", undefined],
  ["tornado", undefined],
  ["cherrypy", undefined],
  ["nicegui", undefined],
];
const NAMES = [
  "main",
  "app",
  "wsgi",
  "asgi",
  "server",
  "application",
  "run",
  "api",
  "web",
  "index",
  "start",
  "manage",
  "streamlit_app",
  "Home",
];
const FOLDERS = ["", "app/", "src/", "api/", "backend/", "server/", "web/", "src/app/", "backend/app/"];
const BESIDE =
  /(?:^|\/)(?:tests?|docs?|examples?|samples?|migrations|alembic|scripts|benchmarks?|conftest\.py|setup\.py|noxfile\.py|tasks\.py|test_[^/]*|[^/]*_test\.py)(?:\/|$)/;

export function pythonApp(source: Source): PythonApp | undefined {
  const manifests = ["pyproject.toml", "requirements.txt", "Pipfile", "setup.py", "setup.cfg"].filter((file) =>
    source.isFile(file),
  );
  const sources = source.glob(["*.py", "*/*.py", "*/*/*.py", "src/*/*/*.py"]).filter((file) => !BESIDE.test(file));
  if (
    manifests.length === 0 &&
    !sources.some((file) => !file.includes("/") || file.startsWith("src/") || file.startsWith("app/"))
  )
    return undefined;
  const requirements = source.glob([
    "requirements/*.txt",
    "requirements*.txt",
    "requirements.in",
    "{src,app,backend,server,api}/requirements.txt",
  ]);
  const declared = [...manifests, ...requirements]
    .map((file) => source.read(file) ?? "")
    .join("\n")
    .toLowerCase();
  const settings = source
    .glob(["manage.py", "*/manage.py", "src/*/manage.py"])
    .find((file) => /django/i.test(source.read(file) ?? "django"));
  const framework = settings
    ? "django"
    : (PYTHON_FRAMEWORKS.find(([name]) => names(declared, name))?.[0] ?? imported(source, sources) ?? null);
  const type = PYTHON_FRAMEWORKS.find(([name]) => name === framework)?.[1];
  const found = settings === undefined ? entryOf(source, sources, framework, type) : { entry: settings, certain: true };
  return {
    framework: framework === "python-fasthtml" ? "fasthtml" : framework,
    manager: managerOf(source, declared),
    ...found,
    manifests,
    version: versionOf(source, source.read("pyproject.toml") ?? ""),
  };
}

function names(declared: string, name: string): boolean {
  return new RegExp(`(?:^|[\\s"'])${name}(?:[\\s"'\\[=<>~!,;]|$)`, "m").test(declared);
}

/** Without a list of packages, what the sources import. */
function imported(source: Source, sources: readonly string[]): string | undefined {
  const texts = sources.slice(0, 40).map((file) => source.read(file) ?? "");
  return PYTHON_FRAMEWORKS.find(([name]) =>
    texts.some((text) => new RegExp(`^(?:from|import)\\s+${name}\\b`, "m").test(text)),
  )?.[0];
}

function managerOf(source: Source, declared: string): string {
  if (source.isFile("uv.lock")) return "uv";
  if (source.isFile("poetry.lock") || declared.includes("[tool.poetry]")) return "poetry";
  if (source.isFile("pdm.lock") || declared.includes("[tool.pdm")) return "pdm";
  return source.isFile("Pipfile") && !source.isFile("requirements.txt")
    ? "pipenv"
    : source.isFile("Pipfile.lock")
      ? "pipenv"
      : "pip";
}

function entryOf(source: Source, sources: readonly string[], framework: string | null, type: string | undefined) {
  const usual = FOLDERS.flatMap((folder) => NAMES.map((name) => `${folder}${name}.py`)).filter((file) =>
    source.isFile(file),
  );
  const told = /^\s*FLASK_APP\s*=\s*["']?([\w./]+)/m.exec(source.read(".flaskenv") ?? "")?.[1];
  const flask =
    told === undefined ? undefined : [told, `${told.replaceAll(".", "/")}.py`].find((file) => source.isFile(file));
  if (flask !== undefined) return { entry: flask, certain: true };
  const ordered = [...usual, ...[...sources].sort((a, b) => a.split("/").length - b.split("/").length)];
  const module = framework?.replace(/^python-/, "") ?? "";
  const has = (test: (text: string) => boolean): string | undefined =>
    ordered.find((file) => test(source.read(file) ?? ""));
  const makes =
    type &&
    new RegExp(
      `^\\w+\\s*(?:,\\s*\\w+\\s*)*(?::\\s*[\\w.]+\\s*)?=\\s*(?:\\w+\\.)*(?:${type}|create_app|make_app|get_app|build_app)\\(`,
      "m",
    );
  const factory =
    type && new RegExp(`^def\\s+(?:create_app|make_app|get_app)\\s*\\([\\s\\S]*?(?:\\w+\\.)*${type}\\(`, "m");
  const found =
    (makes && has((text) => makes.test(text))) ??
    usual.find((file) =>
      /^from\s+\S+\s+import\s+(?:.*,\s*)?(?:app|application|create_app)\b/m.test(source.read(file) ?? ""),
    ) ??
    (factory && has((text) => factory.test(text))) ??
    (framework !== null && type === undefined
      ? has((text) => new RegExp(`^(?:from|import)\\s+${module}\\b`, "m").test(text))
      : undefined);
  // Called after what it serves, `email_server.py`: a script that starts something.
  const script = sources
    .filter((file) => !file.includes("/"))
    .filter((file) => /__name__\s*==\s*["']__main__["']/.test(source.read(file) ?? ""));
  const started =
    script.find((file) => /server|service|app|main|web|api/.test(file)) ??
    (script.length === 1 ? script[0] : undefined);
  return { entry: found ?? usual[0] ?? started ?? null, certain: found !== undefined };
}

function versionOf(source: Source, pyproject: string): string | null {
  const pipfile = source.read("Pipfile") ?? "";
  return (
    /^\d[\w.]*/m.exec(source.read(".python-version")?.trim() ?? "")?.[0] ??
    /^python-?([0-9.]+)/m.exec(source.read("runtime.txt") ?? "")?.[1] ??
    toolVersion(source, "python") ??
    /^python_(?:full_)?version\s*=\s*["']([^"']+)/m.exec(pipfile)?.[1] ??
    /^requires-python\s*=\s*["']([^"']+)/m.exec(pyproject)?.[1] ??
    /^\[tool\.poetry\.dependencies\][^[]*?^python\s*=\s*["']([^"']+)/ms.exec(pyproject)?.[1] ??
    /python_requires\s*=\s*["']?([^"'\n,]+(?:,[^"'\n]+)?)/
      .exec(`${source.read("setup.py") ?? ""}\n${source.read("setup.cfg") ?? ""}`)?.[1]
      ?.trim() ??
    null
  );
}

/**
 * The directory from which a file is imported, and its dotted name there: the directory above its packages (those with an
 * `__init__.py`) where it is called `src`, or where the file imports what lies there; `src` of a project whose package in it is
 * its own; else the project's own.
 */
export function importPath(source: Source, file: string): { root: string; module: string } {
  const module = file.replace(/(?:\/__init__)?\.py$/, "");
  let above = posix.dirname(file);
  while (above !== "." && source.isFile(`${above}/__init__.py`)) above = posix.dirname(above);
  const imports = [...(source.read(file) ?? "").matchAll(/^\s*(?:from|import)\s+(\w+)/gm)].map(
    ([, name]) => name as string,
  );
  const beside = imports.some((name) => source.isFile(`${above}/${name}.py`) || source.isDirectory(`${above}/${name}`));
  const root = /(?:^|\/)src$/.test(above) || beside ? above : (ownPackageRoot(source, above) ?? ".");
  const inside = root === "." ? module : module.slice(root.length + 1);
  return { root, module: inside.replaceAll("/", ".") };
}

/** `src`, where the package in it (without an `__init__.py`) is what the project calls itself, or starts. */
function ownPackageRoot(source: Source, directory: string): string | undefined {
  const name = /^src\/(\w+)/.exec(directory)?.[1];
  const manifest = name === undefined ? undefined : source.read("pyproject.toml");
  if (name === undefined || manifest === undefined || source.isFile("src/__init__.py")) return undefined;
  const called = new RegExp(`^name\\s*=\\s*["']${name.replaceAll("_", "[-_.]")}["']|["']${name}(?:\\.\\w+)+:`, "m");
  return called.test(manifest) ? "src" : undefined;
}
