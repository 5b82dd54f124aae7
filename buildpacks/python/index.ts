/** Python: Flask, FastAPI, Django and other WSGI and ASGI apps. Known, and built by a Dockerfile. */
import { type Detection, defineBuildpack, pythonApp, type Source } from "../../src/sdk.ts";

export default defineBuildpack({
  id: "python",
  summary: "Python: Flask, FastAPI, Django and other WSGI and ASGI apps.",
  what: "a Python program",
  detect,
});

function detect(source: Source): Detection | null {
  const app = pythonApp(source);
  if (app === undefined) return null;
  const { framework, manager, entry, certain, manifests, version } = app;
  return {
    score: framework && entry && certain ? 85 : framework && entry ? 70 : manifests.length > 0 ? 60 : entry ? 45 : 30,
    evidence: [
      ...manifests,
      ...(framework ? [`${manifests[0] ?? entry}: ${framework}`] : []),
      ...(entry ? [`${entry} ${certain && framework !== "django" ? "makes the app" : "is there"}`] : []),
      ...(manifests.length === 0 && !entry ? ["files of Python"] : []),
    ],
    language: "python",
    runtimeVersion: version,
    packageManager: manager,
    framework,
    entrypoint: entry,
  };
}
