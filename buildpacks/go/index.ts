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
  const folders = [...new Set(mains.map((file) => file.slice(0, Math.max(0, file.lastIndexOf("/")))))];
  const module = /^module\s+(\S+)/m.exec(manifest ?? "")?.[1]?.replace(/\/v\d+$/, "") ?? "";
  // Of several programs the one that is called like the module, or like a server.
  const chosen = [module.slice(module.lastIndexOf("/") + 1), "server", "api", "web", "app", "http"]
    .map((name) => folders.find((folder) => folder === `cmd/${name}`))
    .find((folder) => folder !== undefined);
  const folder = folders.includes("") ? "" : (chosen ?? folders[0]);
  const entry = folder === undefined ? null : folder === "" ? "." : `./${folder}`;
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
