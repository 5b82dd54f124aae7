/** An addon that a program surely loads when it starts, and that is there for other systems alone: not an image that ends at once. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { KnbuildError } from "../base/errors.ts";
import { fitsTarget } from "./foreign-addons.ts";
import type { JudgedFile, Judgement } from "./judge.ts";
import type { OwnCode } from "./own-code.ts";
import type { PackageJson } from "./package-scope.ts";
import type { Project } from "./project.ts";
import { surelyLoaded } from "./sure-files.ts";
import type { SureRequests } from "./sure-requests.ts";

/** Words by which packages name the systems they are for. */
const SYSTEM =
  /(?:^|[-_/])(?:darwin|linux\w*|win32|windows|freebsd|openbsd|netbsd|sunos|aix|android|openharmony)(?=[-_]|$)/;
const WASM = /wasm|wasi/;

/** @throws ADDON_NOT_FOR_TARGET */
export function assertAddons(project: Project, own: OwnCode, judgement: Judgement): void {
  const suspects = suspectsOf(project, own, judgement);
  if (suspects.size === 0) return;
  const { root, facts } = project;
  for (const { path, said, chain } of surelyLoaded(project, own, judgement)) {
    const scope = facts.packageOf(path);
    const why = scope && suspects.get(scope.dir);
    if (scope && why !== undefined && isLoader(said, path, scope.json, project)) {
      const name = scope.json.name ?? relative(root, scope.dir);
      throw new KnbuildError({
        code: "ADDON_NOT_FOR_TARGET",
        message: `${name} loads a native addon and has none for linux-x64 with glibc: ${why}`,
        where: chain(),
        hint: HINT,
      });
    }
  }
}

const HINT =
  "Take a version that has one, or let its install script compile it. A lock file that was written on another system and lists packages of that one alone is written anew without node_modules.";

/** Folders of packages that ask for addons of which none fits, with what they have instead. */
function suspectsOf(project: Project, own: OwnCode, judgement: Judgement): Map<string, string> {
  const asking = new Set<string>();
  const add = (path: string, analysis: JudgedFile["analysis"]) => {
    const dir = analysis?.findings.some(({ code }) => code === "native") && project.facts.packageOf(path)?.dir;
    if (dir) asking.add(dir);
  };
  for (const [path, { analysis }] of own.files) add(path, analysis);
  for (const { path, analysis } of judgement.files.values()) add(path, analysis);
  for (const [dir, { files }] of judgement.packages)
    if (files.length > 0 && systemPackages(project.facts.packageJson(dir)).length > 0) asking.add(dir);
  const found = new Map<string, string>();
  for (const dir of asking) {
    const why = lacks(dir, project);
    if (why !== undefined) found.set(dir, why);
  }
  return found;
}

/** What a package has instead of an addon for the image; undefined: it has one, or something that stands in. */
function lacks(dir: string, { facts, resolver }: Project): string | undefined {
  const json = facts.packageJson(dir);
  const addons = addonsBelow(dir);
  if (addons.some((name) => fitsTarget(join(dir, name)) || WASM.test(name))) return undefined;
  for (const name of Object.keys(json?.optionalDependencies ?? {})) {
    const found = resolver.findPackage(name, dir);
    if (!found) continue;
    if (isForTarget(name) || WASM.test(name) || (!SYSTEM.test(name) && addonsBelow(found).length > 0)) return undefined;
  }
  const systems = systemPackages(json);
  const missing = systems.find(isForTarget);
  if (missing !== undefined) return `${missing} is not installed`;
  if (systems.length > 0) return `it has ${some(systems)}`;
  if (addons.length > 0) return `it has ${some(addons)}`;
  return existsSync(join(dir, "binding.gyp")) ? "it was not compiled, its install script did not run" : undefined;
}

/** Many name no machine where they mean x64: `tool-linux-64`, `tool-linux`. */
function isForTarget(name: string): boolean {
  return /linux/.test(name) && !/musl/.test(name) && !OTHER_MACHINE.test(name);
}

const OTHER_MACHINE =
  /(?:^|[-_/])(?:arm\w*|aarch\w*|ia32|i?[36]86|x86(?![-_]64)|riscv\w*|ppc\w*|s390x?|mips\w*|loong\w*)(?=[-_]|$)/;

function systemPackages(json: PackageJson | undefined): string[] {
  return Object.keys(json?.optionalDependencies ?? {}).filter((name) => SYSTEM.test(name));
}

function some(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
}

/** Addons of a package, and WebAssembly that stands in for them; relative to it. */
function addonsBelow(dir: string, below = ""): string[] {
  return readdirSync(join(dir, below), { withFileTypes: true }).flatMap((entry) => {
    const name = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : addonsBelow(dir, name);
    return /\.(?:node|wasm)$/.test(name) ? [name] : [];
  });
}

/** It calls for an addon whenever it is loaded, or tries some one after the other and ends with an error. */
function isLoader(said: SureRequests, path: string, json: PackageJson, { resolver }: Project): boolean {
  if (said.loads !== undefined) return true;
  const direct = said.requests.some(({ specifier, kind }) => {
    if (!specifier.endsWith(".node")) return false;
    const target = resolver.resolve(specifier, path, kind);
    return target.type !== "file" || !fitsTarget(target.path);
  });
  if (direct || !said.throws) return direct;
  // One that throws for a Node that is too old, say, tries no addon.
  const text = readFileSync(path, "utf8");
  const names = [".node", ...systemPackages(json).map((name) => name.slice(0, name.search(SYSTEM) + 1))];
  return SYSTEM_WORD.test(text) && names.some((name) => text.includes(name));
}

const SYSTEM_WORD = /\bprocess\.platform\b|\bplatform\b.*\barch\b|\bdarwin\b/;
