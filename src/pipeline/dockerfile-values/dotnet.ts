/** .NET: what is restored first, what is published, and on which runtime it starts. */
import { posix } from "node:path";
import { KnbuildError } from "../../base/errors.ts";
import { shellWord } from "../../dockerfile/quote.ts";
import type { TemplateValues } from "../../dockerfile/template.ts";
import type { Detection } from "../../sdk.ts";
import { restoreFiles } from "../../source/dotnet-project.ts";
import type { Source } from "../../source/open.ts";
import { copyLines } from "./copy-lines.ts";

/** The oldest release that gets fixes. */
const OLDEST = 10;

/** @throws INIT_WINDOWS_ONLY for the .NET Framework */
export function dotnetValues({ entrypoint, runtimeVersion }: Detection, source: Source): TemplateValues {
  const project = entrypoint ?? ".";
  if (/^(?:v[1-4]\.|net[1-4]\d+$)/.test(runtimeVersion ?? "")) {
    throw new KnbuildError({
      code: "INIT_WINDOWS_ONLY",
      message: `${project} is written for the .NET Framework, which runs on Windows only`,
      where: source.root,
      hint: `Move it to .NET ${OLDEST} or later.`,
    });
  }
  const asked = /^(\d+)\.(\d+)/.exec(runtimeVersion ?? "");
  const ended = asked !== null && Number(asked[1]) < OLDEST;
  const text = source.read(project) ?? "";
  const assembly = /<AssemblyName>\s*([^<$]*[^<\s$])\s*<\/AssemblyName>/.exec(text)?.[1];
  const version = asked === null || ended ? `${OLDEST}.0` : `${asked[1]}.${asked[2]}`;
  const pinned = pinsOtherSdk(source, version);
  return {
    version,
    entry: project,
    manifests: copyLines(restoreFiles(source, project).filter((file) => !(pinned && file === "global.json"))),
    pinned,
    // A program for a release that has ended starts on this one.
    ended,
    written: runtimeVersion ?? "",
    file: shellWord(`${assembly ?? posix.basename(project).replace(/\.\w+proj$/, "")}.dll`),
  };
}

/** Its global.json asks for an SDK that the image has not, and has nothing else to say. */
function pinsOtherSdk(source: Source, version: string): boolean {
  if (!source.isFile("global.json")) return false;
  const said = source.readJson("global.json", { comments: true }) as {
    sdk?: { version?: string; rollForward?: string };
    "msbuild-sdks"?: unknown;
  };
  const { version: wanted = "", rollForward = "latestPatch" } = said.sdk ?? {};
  const [major = "", , band = ""] = wanted.split(".");
  if (wanted === "" || said["msbuild-sdks"] !== undefined) return false;
  if (/major$/i.test(rollForward)) return false;
  const same = major === version.split(".", 1)[0];
  // The image has the newest band of its release; `latestPatch` stays in the band, and 100 is often an old one.
  return !same || (!/feature$|minor$/i.test(rollForward) && !band.startsWith("1"));
}
