/** Python: what installs the packages into /venv, and which server starts the app. */
import { posix } from "node:path";
import { KnbuildError } from "../../base/errors.ts";
import type { TemplateValues } from "../../dockerfile/template.ts";
import type { Detection } from "../../sdk.ts";
import type { Source } from "../../source/open.ts";
import { procfileWeb } from "./procfile.ts";

const UVICORN = "uvicorn==0.54.0";
const GUNICORN = "gunicorn==27.0.1";
/** The manager itself stays in the build stage's own Python: only /venv is shipped. */
const MANAGERS: Readonly<Record<string, string>> = {
  uv: "uv==0.13.9",
  poetry: "poetry==2.5.1",
  pipenv: "pipenv==2026.10.3",
};
/** Frameworks whose apps are served by another program; the others bring their own. */
const SERVERS: Readonly<Record<string, string>> = {
  fastapi: UVICORN,
  starlette: UVICORN,
  litestar: UVICORN,
  flask: GUNICORN,
  django: GUNICORN,
};
const OBJECTS: Readonly<Record<string, string>> = {
  fastapi: "FastAPI",
  starlette: "Starlette",
  litestar: "Litestar",
  flask: "Flask",
};

export function pythonValues(detection: Detection, source: Source): TemplateValues {
  const { framework, packageManager } = detection;
  const manager = packageManager ?? "pip";
  const has = (...files: string[]): string[] => files.filter((file) => source.isFile(file));
  const requirements = requirementFiles(source);
  const isPackage = manager === "pip" && requirements.length === 0 && has("pyproject.toml", "setup.py").length > 0;
  const relative = requirements.some((file) => /^\s*(?:-e\s|\.{0,2}\/|file:)/m.test(source.read(file) ?? ""));
  const locks: Record<string, string[]> = {
    pip: requirements,
    uv: has("pyproject.toml", "uv.lock"),
    poetry: has("pyproject.toml", "poetry.lock"),
    pipenv: has("Pipfile", "Pipfile.lock"),
  };
  const manifests = locks[manager] ?? [];
  const start = startCommand(detection, source);
  const withsource = isPackage || relative || start.own;
  const server = start.server && !declares(source, start.server) ? start.server : undefined;
  const install = [installCommand(manager, requirements, isPackage, start.own, source), extraCommand(manager, server)];
  return {
    manager: MANAGERS[manager] ?? "",
    venv: manager === "uv" ? "uv venv /venv" : "python -m venv /venv",
    uv: manager === "uv",
    cache:
      manager === "pip"
        ? "/root/.cache/pip"
        : manager === "poetry"
          ? "/root/.cache/pypoetry"
          : `/root/.cache/${manager}`,
    withsource,
    manifests: withsource ? "" : copyLines(manifests),
    install: install.filter(Boolean).join(" \\\n    && "),
    collectstatic: framework === "django" && hasStaticRoot(source),
    start: start.command,
  };
}

/** requirements.txt and the files that it includes. */
function requirementFiles(source: Source, file = "requirements.txt", seen = new Set<string>()): string[] {
  if (seen.has(file) || !source.isFile(file)) return [];
  seen.add(file);
  const included = [
    ...(source.read(file) ?? "").matchAll(/^\s*(?:-r|-c|--requirement|--constraint)[ =]+(\S+)/gm),
  ].flatMap(([, path]) => requirementFiles(source, posix.join(posix.dirname(file), path as string), seen));
  return [file, ...included];
}

/** Files of one directory in one COPY. */
function copyLines(files: readonly string[]): string {
  const folders = new Map<string, string[]>();
  for (const file of files) folders.set(posix.dirname(file), [...(folders.get(posix.dirname(file)) ?? []), file]);
  return [...folders]
    .map(([folder, paths]) => `COPY ${paths.join(" ")} ${folder === "." ? "./" : `./${folder}/`}`)
    .join("\n");
}

function installCommand(
  manager: string,
  requirements: readonly string[],
  isPackage: boolean,
  own: boolean,
  source: Source,
): string | undefined {
  switch (manager) {
    case "uv":
      return `uv sync --frozen --no-dev${own ? "" : " --no-install-project"}`;
    case "poetry":
      return `poetry install --only main ${own ? "" : "--no-root "}--no-interaction`;
    case "pipenv":
      return source.isFile("Pipfile.lock") ? "pipenv sync" : "pipenv install";
    default:
      return requirements.length > 0
        ? "/venv/bin/pip install -r requirements.txt"
        : isPackage
          ? "/venv/bin/pip install ."
          : undefined;
  }
}

/** A server that the project does not name. */
function extraCommand(manager: string, server: string | undefined): string | undefined {
  if (server === undefined) return undefined;
  return manager === "uv" ? `uv pip install --python /venv ${server}` : `/venv/bin/pip install ${server}`;
}

function declares(source: Source, server: string): boolean {
  const name = server.split("=", 1)[0] as string;
  const files = [...requirementFiles(source), "pyproject.toml", "Pipfile"];
  return files.some((file) =>
    new RegExp(`(?:^|["'\\s])${name}\\b|fastapi\\[(?:standard|all)\\]`, "im").test(source.read(file) ?? ""),
  );
}

function startCommand(
  { framework, entrypoint, score }: Detection,
  source: Source,
): { command: string; server: string | undefined; own: boolean } {
  const start = (command: string, server?: string) => ({ command, server, own: false });
  const web = procfileWeb(source);
  if (web !== undefined) {
    const program = web.split(/\s+/, 1)[0] as string;
    const server = [UVICORN, GUNICORN].find((pin) => pin.startsWith(`${program}=`));
    return start(web, server);
  }
  const script = entrypoint === null ? projectScript(source) : undefined;
  // The project itself has to be installed for it.
  if (script !== undefined) return { ...start(script), own: true };
  if (entrypoint === null && score > 0) throw noStart(source);
  const entry = entrypoint ?? "main.py";
  const server = SERVERS[framework ?? ""];
  // It listens by itself, on the port that it reads.
  if (server === undefined) return start(`python ${entry}`);
  const gunicorn = "gunicorn --bind 0.0.0.0:${PORT:-8080} --workers 1 --threads 8";
  if (framework === "django") return start(`${gunicorn} ${djangoModule(source)}`, server);
  const app = appObject(source, entry, OBJECTS[framework as string] as string);
  if (server === GUNICORN) return start(`${gunicorn} ${app.factory ? `'${app.path}()'` : app.path}`, server);
  const factory = app.factory ? " --factory" : "";
  return start(`uvicorn ${app.path}${factory} --host 0.0.0.0 --port \${PORT:-8080}`, server);
}

/** The program that the package itself installs. */
function projectScript(source: Source): string | undefined {
  const text = source.read("pyproject.toml") ?? "";
  return (
    /^\[(?:project|tool\.poetry)\.scripts\]\s*\n\s*["']?([\w.-]+)["']?\s*=/m.exec(text)?.[1] ??
    /console_scripts["']?\s*[:=]\s*\[?\s*["']?\s*([\w.-]+)\s*=/.exec(
      `${source.read("setup.py") ?? ""}\n${source.read("setup.cfg") ?? ""}`,
    )?.[1]
  );
}

function noStart(source: Source): KnbuildError {
  return new KnbuildError({
    code: "INIT_NO_START",
    message: "which file starts the server is not to be seen",
    where: source.root,
    hint: "Say it in a Procfile, `web: gunicorn shop.wsgi`; or name the directory that holds the app.",
    exitCode: 2,
  });
}

/** `module:name` of the app, or of the function that makes it. */
function appObject(source: Source, entry: string, type: string): { path: string; factory: boolean } {
  const module = entry.replace(/(?:\/__init__)?\.py$/, "").replaceAll("/", ".");
  const text = source.read(entry) ?? "";
  const name =
    new RegExp(`^(\\w+)\\s*(?::\\s*[\\w.]+\\s*)?=\\s*(?:\\w+\\.)?${type}\\(`, "m").exec(text)?.[1] ??
    /^(app|application)\s*=/m.exec(text)?.[1] ??
    /^from\s+\S+\s+import\s+(?:.*,\s*)?(app|application)\b/m.exec(text)?.[1];
  const factory = /^def\s+(create_app|make_app|get_app)\s*\(/m.exec(text)?.[1];
  return name === undefined && factory !== undefined
    ? { path: `${module}:${factory}`, factory: true }
    : { path: `${module}:${name ?? "app"}`, factory: false };
}

/** Of manage.py's settings, `shop.settings` → `shop.wsgi`; else where wsgi.py lies. */
function djangoModule(source: Source): string {
  const settings = /DJANGO_SETTINGS_MODULE["'],\s*["']([\w.]+)["']/.exec(source.read("manage.py") ?? "")?.[1];
  const candidates = source.glob(["wsgi.py", "*/wsgi.py", "*/*/wsgi.py"]).map((path) => path.slice(0, -3));
  const named = settings?.split(".")[0];
  const found = candidates.find((path) => path.split("/")[0] === named) ?? candidates[0] ?? "config/wsgi";
  return found.replaceAll("/", ".");
}

function hasStaticRoot(source: Source): boolean {
  return source
    .glob(["*/settings.py", "*/settings/*.py", "*/*/settings.py"])
    .some((file) => /^\s*STATIC_ROOT\s*=/m.test(source.read(file) ?? ""));
}
