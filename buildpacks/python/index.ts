/** Python: Flask, FastAPI, Django and other WSGI and ASGI apps. Known, and built by a Dockerfile. */
import { type Detection, defineBuildpack, type Source } from "../../src/sdk.ts";

export default defineBuildpack({
  id: "python",
  summary: "Python: Flask, FastAPI, Django and other WSGI and ASGI apps.",
  detect,
});

const MAKES_APP =
  /^(?:app|application)\s*=\s*(?:\w+\.)*(?:Flask|FastAPI|Starlette|Litestar|Sanic|create_app|make_app)\(/m;

function detect(source: Source): Detection | null {
  const manifests = ["pyproject.toml", "requirements.txt", "Pipfile", "setup.py"].filter((file) => source.isFile(file));
  const sources = source.glob(["*.py", "src/**/*.py", "app/**/*.py"]);
  if (manifests.length === 0 && sources.length === 0) return null;
  const declared = manifests
    .map((file) => source.read(file) ?? "")
    .join("\n")
    .toLowerCase();
  const manager = source.isFile("uv.lock")
    ? "uv"
    : source.isFile("poetry.lock") || declared.includes("[tool.poetry]")
      ? "poetry"
      : source.isFile("Pipfile")
        ? "pipenv"
        : "pip";
  const django = source.isFile("manage.py");
  const framework = django
    ? "django"
    : (["fastapi", "flask", "starlette", "aiohttp", "tornado", "sanic", "litestar"].find((name) =>
        new RegExp(`(?:^|[\\s"'])${name}(?:[\\s"'\\[=<>~!]|$)`, "m").test(declared),
      ) ?? null);
  const entry = django
    ? "manage.py"
    : (["main.py", "app.py", "wsgi.py", "asgi.py", "server.py", "app/main.py", "src/main.py"].find((file) =>
        source.isFile(file),
      ) ??
      // Named after the project: the file that makes the app.
      sources.find((file) => /^[^/]+\.py$/.test(file) && MAKES_APP.test(source.read(file) ?? "")) ??
      null);
  const version =
    source.read(".python-version")?.trim() ??
    /requires-python\s*=\s*"([^"]+)"/.exec(declared)?.[1] ??
    /python-?([0-9.]+)/.exec(source.read("runtime.txt") ?? "")?.[1] ??
    null;
  return {
    score: framework && entry ? 85 : manifests.length > 0 ? 60 : 30,
    evidence: [
      ...manifests,
      ...(framework ? [`${manifests[0] ?? entry}: ${framework}`] : []),
      ...(entry ? [`${entry} is there`] : []),
    ],
    language: "python",
    runtimeVersion: version,
    packageManager: manager,
    framework,
    entrypoint: entry,
  };
}
