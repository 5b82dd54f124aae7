/**
 * Scripts among the programs of the Debian packages that a project adds: the assembled bases have no shell, and what the image
 * would say is only «no such file», of a file that is there. Told when the base is made, with the package that is missing.
 */
import { createHash } from "node:crypto";
import { canonicalJson } from "../base/canonical-json.ts";
import type { BaseFiles } from "../bases/base-files.ts";
import { packageOfProgram } from "../bases/program-packages.ts";
import type { ResolvedBase } from "../bases/resolve.ts";
import type { ElfProblem } from "../elf/check-closure.ts";
import type { NativeCheckContext } from "./native-check.ts";

/** Emits one warning an interpreter that is missing; looks at the programs of the named packages, not of what these bring along. */
export async function checkBasePrograms(
  base: ResolvedBase,
  { store, emit, packages }: Pick<NativeCheckContext, "store" | "emit" | "packages">,
): Promise<void> {
  if (base.kind !== "assembled" || packages.length === 0) return;
  const key = createHash("sha256")
    .update(canonicalJson([1, base.digest, [...packages].sort()]))
    .digest("hex");
  let problems = store.readRecord("base-programs", key) as ElfProblem[] | undefined;
  if (!problems) {
    const [{ checkElfClosure }, { readBaseFiles }] = await Promise.all([
      import("../elf/check-closure.ts"),
      import("../bases/base-files.ts"),
    ]);
    const files = await readBaseFiles(base);
    const searchPath = pathOf(base.config.Env ?? []);
    const programs = await programsOf(files, packages, searchPath);
    const found = await checkElfClosure(files, { programs, searchPath });
    problems = found.filter(({ code }) => code === "SCRIPT_INTERPRETER_MISSING");
    store.writeRecord("base-programs", key, problems);
  }
  for (const interpreter of new Set(problems.map(({ missing }) => missing ?? ""))) {
    const scripts = problems.filter(({ missing }) => missing === interpreter);
    const paths = [...new Set(scripts.map(({ chain }) => chain[0] as string))];
    const more = paths.length > 3 ? ` and ${paths.length - 3} more` : "";
    const brings = packageOfProgram(interpreter);
    emit({
      type: "warning",
      code: "SCRIPT_INTERPRETER_MISSING",
      message: `${paths.slice(0, 3).join(", ")}${more} of base.packages: a script for ${interpreter}, which is not in the image`,
      where: paths[0],
      hint:
        brings && `Where the app runs it, in knbuild.yaml: base: { packages: [${[...packages, brings].join(", ")}] }`,
    });
  }
}

/** What dpkg says the packages hold, as far as it lies where programs are looked for. */
async function programsOf(files: BaseFiles, packages: readonly string[], searchPath: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const name of packages) {
    const list = files.lookup(`/var/lib/dpkg/status.d/${name.replace(/[:=].*$/, "")}.md5sums`)?.open?.();
    const text = list ? Buffer.from(await list.read(0, list.size)).toString() : "";
    for (const line of text.split("\n")) {
      const path = `/${line.slice(34).trim()}`;
      if (!searchPath.includes(path.slice(0, path.lastIndexOf("/")))) continue;
      if (((files.lookup(path)?.mode ?? 0) & 0o111) !== 0) found.push(path);
    }
  }
  return found;
}

export function pathOf(env: readonly string[]): string[] {
  const path = env.find((entry) => entry.startsWith("PATH="))?.slice("PATH=".length) ?? "";
  return path.split(":").filter(Boolean);
}
