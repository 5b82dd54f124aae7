/** .NET: ASP.NET Core. Known, and built by a Dockerfile. */
import { type Detection, defineBuildpack, dotnetProject, dotnetVersion, type Source } from "../../src/sdk.ts";

export default defineBuildpack({
  id: "dotnet",
  summary: ".NET: ASP.NET Core.",
  what: "a .NET program",
  detect,
});

function detect(source: Source): Detection | null {
  const project = dotnetProject(source);
  if (project === undefined) return null;
  const { path, web, target } = project;
  return {
    score: web ? 90 : 50,
    evidence: [path, ...(web ? [`${path}: ASP.NET Core`] : [])],
    language: "dotnet",
    runtimeVersion: dotnetVersion(target) ?? target ?? null,
    packageManager: "nuget",
    framework: web ? "aspnetcore" : null,
    entrypoint: path,
  };
}
