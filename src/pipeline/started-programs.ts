/**
 * Programs that the app starts while it runs, and that an assembled base does not hold: it has no shell, no git, no browser.
 * What the app would say is only ENOENT, at the first request that needs it. Told while it is built, with the line that brings them.
 */
import { canonicalJson } from "../base/canonical-json.ts";
import { sha256 } from "../base/digest.ts";
import type { Emit } from "../base/events.ts";
import { readBaseFiles } from "../bases/base-files.ts";
import { packageOfProgram } from "../bases/program-packages.ts";
import type { ResolvedBase } from "../bases/resolve.ts";
import type { BundleResult } from "../bundle/types.ts";
import { followLinks } from "../elf/file-view.ts";
import type { Store } from "../store/store.ts";
import { pathOf } from "./base-programs.ts";

export interface StartedProgramsContext {
  store: Store;
  emit: Emit;
  /** What stands in base.packages. */
  packages: readonly string[];
  /** The image's environment, on top of the base's. */
  env: Readonly<Record<string, string>>;
}

/** A browser goes by several names. */
const ALIASES: Record<string, readonly string[]> = {
  chromium: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
};
const NOT_DEBIAN: Record<string, string> = {
  npm: "The image holds node alone. Start the script's own file with process.execPath instead.",
  npx: "The image holds node alone. Start the package's own file with process.execPath instead.",
  yarn: "The image holds node alone. Start the script's own file with process.execPath instead.",
  pnpm: "The image holds node alone. Start the script's own file with process.execPath instead.",
};

/** Emits one warning a program that is missing. @returns base.packages with what would bring them */
export async function checkStartedPrograms(
  starts: BundleResult["starts"],
  base: ResolvedBase,
  context: StartedProgramsContext,
): Promise<readonly string[]> {
  // What is in somebody else's base is not looked into for this: its layers may be mounted, unread.
  if (base.kind !== "assembled") return context.packages;
  const missing = await missingPrograms(
    starts.map(({ program }) => program),
    base,
    context,
  );
  const brought = (program: string) => packageOfProgram(program);
  const wanted = [...new Set([...context.packages, ...missing.flatMap((program) => brought(program) ?? [])])];
  for (const { program, by } of starts) {
    if (!missing.includes(program)) continue;
    const debian = brought(program);
    const more = by.length > 2 ? ` and ${by.length - 2} more` : "";
    const where = /^([^\s:]+\.\w+:\d+): /.exec(by[0] ?? "")?.[1];
    context.emit({
      type: "warning",
      code: "PROGRAM_NOT_IN_BASE",
      message: `the app starts ${program}, which is not in the image (${by.slice(0, 2).join("; ")}${more})`,
      ...(where !== undefined && { where }),
      hint:
        debian === undefined
          ? (NOT_DEBIAN[program] ?? "A base by reference that holds it (base: …) is a way out.")
          : `Debian's ${debian} has it. In knbuild.yaml: base: { packages: [${wanted.join(", ")}] }`,
    });
  }
  return wanted;
}

async function missingPrograms(
  programs: readonly string[],
  base: ResolvedBase & { kind: "assembled" },
  { store, env }: StartedProgramsContext,
): Promise<string[]> {
  const searchPath = pathOf([`PATH=${env["PATH"] ?? ""}`]).concat(env["PATH"] ? [] : pathOf(base.config.Env ?? []));
  const key = sha256(canonicalJson([1, base.digest, searchPath, [...programs].sort()])).slice(7);
  const known = store.readRecord("started-programs", key) as string[] | undefined;
  if (known) return known;
  const files = await readBaseFiles(base);
  const missing: string[] = [];
  for (const program of programs) {
    const names = ALIASES[program] ?? [program];
    const places = names.flatMap((name) => (name.startsWith("/") ? [name] : searchPath.map((dir) => `${dir}/${name}`)));
    let found = false;
    for (const place of places) found ||= (await followLinks(files, place))?.file.type === "file";
    if (!found) missing.push(program);
  }
  store.writeRecord("started-programs", key, missing);
  return missing;
}
