/** .NET: the project of a solution that is a server, what it refers to, and the framework that it is written for. */
import { posix } from "node:path";
import type { Source } from "./open.ts";

export interface DotnetProject {
  /** Path of the project file. */
  path: string;
  text: string;
  web: boolean;
  /** `net8.0`, of several the newest; undefined: none is named. */
  target: string | undefined;
}

const GLOBS = ["csproj", "fsproj", "vbproj"].flatMap((type) => [
  `*.${type}`,
  `*/*.${type}`,
  `*/*/*.${type}`,
  `*/*/*/*.${type}`,
]);

export function dotnetProject(source: Source): DotnetProject | undefined {
  const solution = source.names().some((name) => /\.slnx?$/.test(name));
  const found = source.glob(GLOBS).filter((path) => solution || path.split("/").length <= 3);
  const judged = found.map((path) => {
    const text = source.read(path) ?? "";
    const web = /Sdk\s*=\s*"Microsoft\.NET\.Sdk\.Web"|Microsoft\.AspNetCore\.App\b/.test(text);
    const name = posix.basename(path).replace(/\.\w+proj$/, "");
    const runs = /<OutputType>\s*(?:Win)?Exe/i.test(text) || /Microsoft\.NET\.Sdk\.Worker/.test(text);
    const beside =
      /Microsoft\.NET\.Test\.Sdk|<IsTestProject>\s*true/i.test(text) ||
      /(?:tests?|specs?|benchmarks?|samples?|examples?)(?:\.|$)/i.test(name);
    const library = /<OutputType>\s*Library/i.test(text) || /<PackAsTool>\s*true/i.test(text);
    const score =
      (web ? 8 : 0) +
      (runs ? 4 : 0) -
      (beside ? 10 : 0) -
      (library ? 6 : 0) +
      // Of several servers not the one that only helps, nor the one that starts the others on a developer's machine.
      (/(?:^|\.)web$/i.test(name) ? 0.5 : 0) +
      (/(?:^|\.)(?:web|api|server|host|site|app|webapi|webapp|webui|publicapi)$/i.test(name) ? 1 : 0) -
      (/AppHost$|Aspire/.test(name) || /Aspire\.AppHost/.test(text) ? 6 : 0) -
      (/BlazorWebAssembly/.test(text) ? 6 : 0) -
      path.split("/").length / 10;
    return { path, text, web, score };
  });
  const best = judged.sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1))[0];
  return best && { path: best.path, text: best.text, web: best.web, target: targetOf(source, best.path, best.text) };
}

/** Its own, else what a file of properties above says, the nearest first. */
function targetOf(source: Source, path: string, text: string): string | undefined {
  const above = directoriesAbove(path)
    .reverse()
    .flatMap((dir) => ["Directory.Build.props", "Directory.Packages.props"].map((name) => posix.join(dir, name)));
  const texts = [text, ...above.map((file) => source.read(file) ?? "")];
  for (const one of texts) {
    const names = [...one.matchAll(/<TargetFrameworks?(?:Version)?(?:\s[^>]*)?>\s*([^<$]+?)\s*</g)].flatMap(
      ([, list]) => (list as string).split(";"),
    );
    const newest = names.sort((a, b) => numberOf(b) - numberOf(a))[0];
    if (newest !== undefined) return newest;
  }
  return undefined;
}

function numberOf(target: string): number {
  return Number(/^net(?:coreapp)?(\d+\.\d+)/.exec(target)?.[1] ?? 0);
}

/** `10.0` of `net10.0` and of `netcoreapp3.1`; undefined for the .NET Framework of Windows. */
export function dotnetVersion(target: string | undefined): string | undefined {
  return /^net(?:coreapp)?(\d+\.\d+)(?:$|-)/.exec(target ?? "")?.[1];
}

/** What `dotnet restore` reads: the project, all that it refers to, and the files above them; sorted. */
export function restoreFiles(source: Source, path: string): string[] {
  const projects = new Set<string>();
  const visit = (one: string): void => {
    if (projects.has(one) || one.startsWith("..") || !source.isFile(one)) return;
    projects.add(one);
    for (const [, include] of (source.read(one) ?? "").matchAll(/<ProjectReference\s[^>]*Include\s*=\s*"([^"$]+)"/g))
      visit(posix.join(posix.dirname(one), (include as string).replaceAll("\\", "/")));
  };
  visit(path);
  const directories = new Set([...projects].flatMap((one) => [posix.dirname(one), ...directoriesAbove(one)]));
  const settings = [...directories].flatMap((dir) =>
    source
      .names(dir)
      .filter((name) => SETTINGS.test(name))
      .map((name) => posix.join(dir, name)),
  );
  return [...projects, ...settings].sort();
}

const SETTINGS =
  /^(?:Directory\.(?:Build|Packages)\.(?:props|targets)|nuget\.config|global\.json|packages\.lock\.json)$/i;

/** From the root down to the project's own. */
function directoriesAbove(path: string): string[] {
  const parts = posix
    .dirname(path)
    .split("/")
    .filter((part) => part !== ".");
  return [".", ...parts.map((_, i) => parts.slice(0, i + 1).join("/"))];
}
