/** Python: the command that starts the app, and the server that it needs for that. */
import { posix } from "node:path";
import { KnbuildError } from "../../base/errors.ts";
import { shellWord } from "../../dockerfile/quote.ts";
import type { Detection } from "../../sdk.ts";
import type { Source } from "../../source/open.ts";
import { importPath, PYTHON_FRAMEWORKS } from "../../source/python-app.ts";
import { LEADING_VARIABLES, procfileWeb } from "./procfile.ts";

const UVICORN = "uvicorn==0.54.0";
const GUNICORN = "gunicorn==27.0.1";
/** Frameworks whose apps are served by another program; the others bring their own. */
const SERVERS: Readonly<Record<string, string>> = {
  fastapi: UVICORN,
  starlette: UVICORN,
  litestar: UVICORN,
  quart: UVICORN,
  fasthtml: UVICORN,
  blacksheep: UVICORN,
  flask: GUNICORN,
  django: GUNICORN,
  falcon: GUNICORN,
  dash: GUNICORN,
};
const PORT = "${PORT:-8080}";
const THREADS = `gunicorn --bind 0.0.0.0:${PORT} --workers 1 --threads 8`;

export interface PythonStart {
  /** For a shell that is replaced by it. */
  command: string;
  /** A pinned package that is not among the project's. */
  server?: string;
  /** The project itself has to be installed for it. */
  own: boolean;
  /** Behind the image's own ENV, a blank in front. */
  environment: string;
}

/** @param declares whether the project names the package itself @throws INIT_NO_START */
export function pythonStart(detection: Detection, source: Source, declares: (server: string) => boolean): PythonStart {
  const { framework, entrypoint, score } = detection;
  const start = (command: string, server?: string, more: Partial<PythonStart> = {}): PythonStart => ({
    command,
    own: false,
    environment: "",
    ...(server !== undefined && !declares(server) && { server }),
    ...more,
  });
  const web = procfileWeb(source);
  if (web !== undefined) {
    const program = web.replace(LEADING_VARIABLES, "").split(/\s+/, 1)[0] as string;
    return start(
      web,
      [UVICORN, GUNICORN].find((pin) => pin.startsWith(`${program}=`)),
    );
  }
  const script = entrypoint === null ? projectScript(source) : undefined;
  if (script !== undefined) return start(script, undefined, { own: true });
  if (entrypoint === null && score > 0) throw noStart(source);
  const entry = entrypoint ?? "main.py";
  const file = shellWord(entry);
  if (framework === "django")
    return start(
      djangoCommand(source, entry, declares),
      declares("uvicorn") && !declares("gunicorn") ? UVICORN : GUNICORN,
    );
  switch (framework) {
    case "streamlit":
      return start(`streamlit run ${file} --server.address 0.0.0.0 --server.port ${PORT} --server.headless true`);
    case "chainlit":
      return start(`chainlit run ${file} --headless --host 0.0.0.0 --port ${PORT}`);
    case "gradio":
      return start(`env GRADIO_SERVER_PORT=${PORT} python ${file}`, undefined, {
        environment: " GRADIO_SERVER_NAME=0.0.0.0",
      });
    default:
  }
  const type = PYTHON_FRAMEWORKS.find(([name]) => name.replace(/^python-/, "") === framework)?.[1];
  const app = appObject(source, entry, type ?? "App");
  const server = SERVERS[framework ?? ""];
  if (framework === "sanic" && app !== undefined)
    return start(
      `sanic ${shellWord(app.path)} --host 0.0.0.0 --port ${PORT}${app.factory ? " --factory" : ""}`,
      undefined,
      app.root === "."
        ? {}
        : {
            command: `sanic ${shellWord(app.path)} --host 0.0.0.0 --port ${PORT}`,
            environment: ` PYTHONPATH=${/\s/.test(app.root) ? JSON.stringify(`/app/${app.root}`) : `/app/${app.root}`}`,
          },
    );
  // It listens by itself, on the port that it reads.
  if (server === undefined || app === undefined) return start(`python ${file}`);
  const there = app.root === "." ? "" : shellWord(app.root);
  if (server === GUNICORN) {
    const path = shellWord(app.factory ? `${app.path}()` : app.path);
    return start(`${THREADS}${there && ` --chdir ${there}`} ${path}`, server);
  }
  const flags = `${app.factory ? " --factory" : ""}${there && ` --app-dir ${there}`}`;
  return start(`uvicorn ${shellWord(app.path)}${flags} --host 0.0.0.0 --port ${PORT}`, server);
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

/** `module:name` of the app, or of the function that makes it, seen from a directory; undefined where the file only starts one. */
function appObject(
  source: Source,
  entry: string,
  type: string,
): { path: string; factory: boolean; root: string } | undefined {
  const { root, module } = importPath(source, entry);
  const text = source.read(entry) ?? "";
  // Dash's own app is not one for a WSGI server, its Flask is.
  const server = type === "Dash" ? /^(\w+)\s*=\s*\w+\.server\b/m.exec(text)?.[1] : undefined;
  const name =
    server ??
    new RegExp(`^(\\w+)\\s*(?:,\\s*\\w+\\s*)*(?::\\s*[\\w.]+\\s*)?=\\s*(?:\\w+\\.)*(?:${type})\\(`, "m").exec(
      text,
    )?.[1] ??
    /^(app|application)\s*(?::\s*[\w.]+\s*)?=/m.exec(text)?.[1] ??
    /^from\s+\S+\s+import\s+(?:.*,\s*)?(app|application)\b/m.exec(text)?.[1];
  const factory =
    /^def\s+(create_app|make_app|get_app|build_app)\s*\(/m.exec(text)?.[1] ??
    /^from\s+\S+\s+import\s+(?:.*,\s*)?(create_app)\b/m.exec(text)?.[1];
  const path = type === "Dash" && server === undefined ? `${name ?? "app"}.server` : (name ?? "app");
  if (name === undefined && factory !== undefined) return { path: `${module}:${factory}`, factory: true, root };
  // `if __name__ == "__main__"` without an app at the top: a script.
  if (name === undefined && /__name__\s*==\s*["']__main__["']/.test(text)) return undefined;
  return { path: `${module}:${path}`, factory: false, root };
}

/** Of manage.py's settings, `shop.settings` → `shop.wsgi`; else where wsgi.py lies. */
function djangoCommand(source: Source, manage: string, declares: (server: string) => boolean): string {
  const folder = posix.dirname(manage);
  const at = (path: string): string => (folder === "." ? path : `${folder}/${path}`);
  const asgi = declares("uvicorn") && !declares("gunicorn");
  const file = asgi ? "asgi.py" : "wsgi.py";
  const settings = /DJANGO_SETTINGS_MODULE["'],\s*["']([\w.]+)["']/.exec(source.read(manage) ?? "")?.[1];
  const candidates = source
    .glob([at(file), at(`*/${file}`), at(`*/*/${file}`)])
    .map((path) => path.slice(folder === "." ? 0 : folder.length + 1, -3));
  const named = settings?.split(".")[0];
  const found = (candidates.find((path) => path.split("/")[0] === named) ?? candidates[0] ?? "config/wsgi").replaceAll(
    "/",
    ".",
  );
  if (asgi)
    return `uvicorn ${found}:application${folder === "." ? "" : ` --app-dir ${shellWord(folder)}`} --host 0.0.0.0 --port ${PORT}`;
  return `${THREADS}${folder === "." ? "" : ` --chdir ${shellWord(folder)}`} ${found}`;
}
