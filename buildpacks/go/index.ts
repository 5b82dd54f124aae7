/** Go modules. Known, and built by a Dockerfile. */
import { type Detection, defineBuildpack, type Source } from "../../src/sdk.ts";

export default defineBuildpack({
  id: "go",
  summary: "Go modules.",
  detect,
});

function detect(source: Source): Detection | null {
  const manifest = source.read("go.mod");
  const mains = source.glob(["*.go", "cmd/*/*.go"]).filter((file) => /^package main\b/m.test(source.read(file) ?? ""));
  if (manifest === undefined && mains.length === 0) return null;
  const entry = mains.find((file) => !file.includes("/"))
    ? "."
    : mains[0]
      ? `./${mains[0].slice(0, mains[0].lastIndexOf("/"))}`
      : null;
  const framework =
    ["gin-gonic/gin", "labstack/echo", "gofiber/fiber", "go-chi/chi", "gorilla/mux"].find((name) =>
      manifest?.includes(name),
    ) ?? null;
  return {
    score: manifest !== undefined && entry ? 85 : manifest !== undefined ? 55 : 40,
    evidence: [...(manifest !== undefined ? ["go.mod"] : []), ...(entry ? [`package main in ${entry}`] : [])],
    language: "go",
    runtimeVersion: /^go\s+(\S+)/m.exec(manifest ?? "")?.[1] ?? null,
    packageManager: "go",
    framework: framework?.slice(framework.lastIndexOf("/") + 1) ?? null,
    entrypoint: entry,
  };
}
