/** .NET: ASP.NET Core. Known, and built by a Dockerfile. */
import { type Detection, defineBuildpack, type Source } from "../../src/sdk.ts";

export default defineBuildpack({
  id: "dotnet",
  summary: ".NET: ASP.NET Core.",
  detect,
});

function detect(source: Source): Detection | null {
  const project = source.glob(["*.csproj", "*.fsproj", "src/*/*.csproj", "*/*.csproj"])[0];
  if (project === undefined) return null;
  const text = source.read(project) ?? "";
  const web = text.includes("Microsoft.NET.Sdk.Web");
  return {
    score: web ? 90 : 50,
    evidence: [project, ...(web ? [`${project}: Microsoft.NET.Sdk.Web`] : [])],
    language: "dotnet",
    runtimeVersion: /<TargetFramework>net(?:coreapp)?([\d.]+)/.exec(text)?.[1] ?? null,
    packageManager: "nuget",
    framework: web ? "aspnetcore" : null,
    entrypoint: project,
  };
}
