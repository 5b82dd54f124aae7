/** Go modules and workspaces. Known, and built by a Dockerfile. */
import { type Detection, defineBuildpack, goProgram, type Source, toolVersion } from "../../src/sdk.ts";

export default defineBuildpack({
  id: "go",
  summary: "Go modules and workspaces.",
  what: "a Go program",
  detect,
});

const FRAMEWORKS = [
  "gin-gonic/gin",
  "labstack/echo",
  "gofiber/fiber",
  "go-chi/chi",
  "gorilla/mux",
  "beego/beego",
  "kataras/iris",
  "go-kratos/kratos",
  "julienschmidt/httprouter",
  "gobuffalo/buffalo",
];

function detect(source: Source): Detection | null {
  const manifest = source.read("go.mod") ?? source.read("go.work");
  const program = goProgram(source);
  if (manifest === undefined && program === undefined) return null;
  const module = program?.manifest || manifest || "";
  const framework = FRAMEWORKS.find((name) =>
    new RegExp(`^\\s*(?:require\\s+)?github\\.com/${name}\\b(?!.*// indirect)`, "m").test(module),
  );
  const file = source.isFile("go.mod") ? "go.mod" : "go.work";
  return {
    score: manifest !== undefined && program ? 85 : manifest !== undefined ? 55 : 40,
    evidence: [...(manifest !== undefined ? [file] : []), ...(program ? [`package main in ${program.path}`] : [])],
    language: "go",
    runtimeVersion:
      /^[\d.]+/.exec(source.read(".go-version")?.trim() ?? "")?.[0] ??
      toolVersion(source, "golang", "go") ??
      /^go\s+(\S+)/m.exec(module)?.[1] ??
      null,
    packageManager: "go",
    framework: framework?.slice(framework.lastIndexOf("/") + 1) ?? null,
    entrypoint: program?.path ?? null,
  };
}
