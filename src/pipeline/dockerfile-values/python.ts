/** Python: what installs the packages into /venv, and what of Debian they load. */
import { posix } from "node:path";
import { shellWord } from "../../dockerfile/quote.ts";
import type { TemplateValues } from "../../dockerfile/template.ts";
import type { Detection } from "../../sdk.ts";
import type { Source } from "../../source/open.ts";
import { copyLines } from "./copy-lines.ts";
import { pythonStart } from "./python-start.ts";

/** The manager itself stays in the build stage's own Python: only /venv is shipped. */
const MANAGERS: Readonly<Record<string, string>> = {
  uv: "uv==0.13.9",
  poetry: "poetry==2.5.1",
  pipenv: "pipenv==2026.10.3",
  pdm: "pdm==2.26.1",
};
const CACHES: Readonly<Record<string, string>> = { poetry: "/root/.cache/pypoetry" };
/** Packages without what they need in a wheel → Debian's, which they load when they run. */
const LIBRARIES: readonly [name: RegExp, packages: string][] = [
  [/psycopg2(?![\w-]*binary)|psycopg(?!\[binary|2|[\w-]*binary)/, "libpq5"],
  [/mysqlclient/, "libmariadb3"],
  [/pyodbc/, "unixodbc"],
  [/python-magic/, "libmagic1t64"],
  [/weasyprint/, "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"],
  [/opencv-python(?!-headless)/, "libgl1 libglib2.0-0t64"],
  [/python-ldap/, "libldap2"],
  [/python3-saml|xmlsec/, "libxmlsec1t64-openssl"],
  [/pytesseract/, "tesseract-ocr"],
  [/pydub|ffmpeg-python|moviepy/, "ffmpeg"],
  [/pdf2image/, "poppler-utils"],
  [/gitpython/, "git"],
];

export function pythonValues(detection: Detection, source: Source): TemplateValues {
  const { framework, packageManager } = detection;
  const manager = packageManager ?? "pip";
  const has = (...files: string[]): string[] => files.filter((file) => source.isFile(file));
  // At the root, in a folder of them, or where the app lies.
  const folder = posix.dirname(detection.entrypoint ?? ".").split("/", 1)[0];
  const requirements = requirementFiles(
    source,
    [
      "requirements.txt",
      ...source.glob("requirements/{production,prod,base,requirements}.txt"),
      `${folder}/requirements.txt`,
      `${posix.dirname(detection.entrypoint ?? ".")}/requirements.txt`,
    ].find((file) => source.isFile(file)),
  );
  const project = source.read("pyproject.toml") ?? "";
  const isPackage = manager === "pip" && requirements.length === 0 && has("pyproject.toml", "setup.py").length > 0;
  const relative =
    requirements.some((file) => /^\s*(?:-e\s|\.{0,2}\/|file:)/m.test(source.read(file) ?? "")) ||
    /\b(?:path|develop)\s*=\s*(?:["']\.|true)/.test(manager === "pip" ? "" : project);
  const locks: Record<string, string[]> = {
    pip: requirements,
    uv: has("pyproject.toml", "uv.lock"),
    poetry: has("pyproject.toml", "poetry.lock"),
    pipenv: has("Pipfile", "Pipfile.lock"),
    pdm: has("pyproject.toml", "pdm.lock"),
  };
  const start = pythonStart(detection, source, (server) => declares(source, requirements, server));
  const withsource = isPackage || relative;
  const install = [
    installCommand(manager, requirements, isPackage, source),
    start.server === undefined
      ? undefined
      : manager === "uv"
        ? `uv pip install --python /venv ${start.server}`
        : `/venv/bin/pip install ${start.server}`,
  ];
  const libraries = librariesOf(source, [...requirements, "pyproject.toml", "Pipfile", "setup.py"]);
  return {
    manager: MANAGERS[manager] ?? "",
    venv: manager === "uv" ? "uv venv /venv" : "python -m venv /venv",
    uv: manager === "uv",
    cache: CACHES[manager] ?? `/root/.cache/${manager}`,
    withsource,
    manifests: withsource ? "" : copyLines(locks[manager] ?? []),
    install: install.filter(Boolean).join(" \\\n    && "),
    project: projectCommand(manager, project, requirements, start.own, isPackage),
    collectstatic: framework === "django" && hasStaticRoot(source) ? (detection.entrypoint ?? "manage.py") : "",
    libraries,
    environment: start.environment,
    start: start.command,
  };
}

/** The file and the files that it includes. */
function requirementFiles(source: Source, file: string | undefined, seen = new Set<string>()): string[] {
  if (file === undefined || seen.has(file) || !source.isFile(file)) return [];
  seen.add(file);
  const included = [
    ...(source.read(file) ?? "").matchAll(/^\s*(?:-r|-c|--requirement|--constraint)[ =]+(\S+)/gm),
  ].flatMap(([, path]) => requirementFiles(source, posix.join(posix.dirname(file), path as string), seen));
  return [file, ...included];
}

/** Packages, without the project itself where that is left for later. */
function installCommand(
  manager: string,
  requirements: readonly string[],
  isPackage: boolean,
  source: Source,
): string | undefined {
  switch (manager) {
    case "uv":
      return "uv sync --frozen --no-dev --no-install-workspace";
    case "poetry":
      return "poetry install --only main --no-root --no-interaction";
    case "pipenv":
      return source.isFile("Pipfile.lock") ? "pipenv sync" : "pipenv install";
    case "pdm":
      return `pdm install --prod --no-self${source.isFile("pdm.lock") ? " --frozen-lockfile" : ""}`;
    default:
      return requirements.length > 0
        ? `/venv/bin/pip install -r ${shellWord(requirements[0] as string)}`
        : isPackage
          ? "/venv/bin/pip install ."
          : undefined;
  }
}

/** Installs the project itself, where it is a package that something imports or starts; else empty. */
function projectCommand(
  manager: string,
  project: string,
  requirements: readonly string[],
  own: boolean,
  isPackage: boolean,
): string {
  const packaged = own || /^\[build-system\]|\bpackage\s*=\s*true|^\[tool\.uv\.(?:workspace|sources)/m.test(project);
  switch (manager) {
    case "uv":
      return packaged ? "uv sync --frozen --no-dev" : "";
    case "poetry":
      return own ? "poetry install --only main --no-interaction" : "";
    case "pdm":
      return own ? "pdm install --prod --no-editable" : "";
    default:
      return own && !isPackage && requirements.length > 0 ? "/venv/bin/pip install --no-deps ." : "";
  }
}

function declares(source: Source, requirements: readonly string[], server: string): boolean {
  const name = server.split("=", 1)[0] as string;
  const files = [...requirements, "pyproject.toml", "Pipfile"];
  const carried = name === "uvicorn" ? "|fastapi\\[(?:standard|all)\\]|python-fasthtml|litestar\\[standard\\]" : "";
  return files.some((file) => new RegExp(`(?:^|["'\\s])${name}\\b${carried}`, "im").test(source.read(file) ?? ""));
}

function librariesOf(source: Source, files: readonly string[]): string {
  const declared = files
    .map((file) => source.read(file) ?? "")
    .join("\n")
    .toLowerCase();
  const found = LIBRARIES.filter(([name]) =>
    new RegExp(`(?:^|["'\\s])(?:${name.source})(?:["'\\s[=<>~!,;]|$)`, "m").test(declared),
  );
  return [...new Set(found.flatMap(([, packages]) => packages.split(" ")))].join(" ");
}

function hasStaticRoot(source: Source): boolean {
  return source
    .glob(["*/settings.py", "*/settings/*.py", "*/*/settings.py", "*/*/settings/*.py"])
    .some((file) => /^\s*STATIC_ROOT\s*=/m.test(source.read(file) ?? ""));
}
