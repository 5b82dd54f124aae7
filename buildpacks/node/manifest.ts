/** package.json as it decides a build, with every field checked: people write all sorts of things there. */
import { posix } from "node:path";
import { isKnbuildError, KnbuildError, type Source } from "../../src/sdk.ts";

export interface Manifest {
  name: string | undefined;
  /** Not to be published. */
  isPrivate: boolean;
  type: "module" | "commonjs";
  main: string | undefined;
  module: string | undefined;
  exports: unknown;
  bin: Record<string, string>;
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
  engines: Record<string, string>;
  volta: Record<string, string>;
  /** What is wrong with a file that `volta.extends` leads to: it counts as saying nothing. */
  voltaTrouble?: KnbuildError;
  devEngines: { runtime?: EngineSpec[]; packageManager?: EngineSpec[] };
  packageManager: string | undefined;
  workspaces: string[];
}

/** Scripts of the app itself that an installation runs. */
export const LIFECYCLE = ["preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"];

export interface EngineSpec {
  name: string;
  version?: string;
}

/** undefined where there is no package.json. @throws JSON_INVALID, MANIFEST_INVALID */
export function readManifest(source: Source, file = "package.json"): Manifest | undefined {
  const json = source.readJson(file);
  if (json === undefined) return undefined;
  if (json === null || typeof json !== "object" || Array.isArray(json)) {
    throw new KnbuildError({
      code: "MANIFEST_INVALID",
      message: `${file} must hold an object`,
      where: file,
      hint: "Write at least {} or remove the file.",
    });
  }
  const raw = json as Record<string, unknown>;
  const text = (key: string) => (typeof raw[key] === "string" && raw[key] !== "" ? (raw[key] as string) : undefined);
  const workspaces = Array.isArray(raw["workspaces"])
    ? raw["workspaces"]
    : ((raw["workspaces"] as { packages?: unknown } | undefined)?.packages ?? []);
  return {
    name: text("name"),
    isPrivate: raw["private"] === true,
    type: raw["type"] === "module" ? "module" : "commonjs",
    main: text("main"),
    module: text("module"),
    exports: raw["exports"],
    bin: typeof raw["bin"] === "string" ? { [text("name") ?? "bin"]: raw["bin"] } : strings(raw["bin"]),
    scripts: strings(raw["scripts"]),
    dependencies: strings(raw["dependencies"]),
    devDependencies: strings(raw["devDependencies"]),
    optionalDependencies: strings(raw["optionalDependencies"]),
    engines: strings(raw["engines"]),
    ...voltaOf(source, strings(raw["volta"])),
    devEngines: engineSpecs(raw["devEngines"]),
    packageManager: text("packageManager"),
    workspaces: Array.isArray(workspaces) ? workspaces.filter((glob): glob is string => typeof glob === "string") : [],
  };
}

/** The version range under which a package is asked for, in any of the dependency tables. */
export function dependsOn(manifest: Manifest | undefined, name: string): string | undefined {
  if (!manifest) return undefined;
  return manifest.dependencies[name] ?? manifest.devDependencies[name] ?? manifest.optionalDependencies[name];
}

/** Its own scripts build or start it, whatever a tool at the workspace's root knows of it. */
export function worksByItself(manifest: Manifest | undefined): boolean {
  return ["build", "start", "start:prod"].some((name) => manifest?.scripts[name] !== undefined);
}

/** `extends` names another package.json, a workspace's root as a rule: what is not written here counts as written there. */
function voltaOf(source: Source, own: Record<string, string>, depth = 0): Pick<Manifest, "volta" | "voltaTrouble"> {
  const path = own["extends"];
  if (path === undefined || depth > 4) return { volta: own };
  const there = source.at(posix.dirname(path));
  const name = posix.basename(path);
  let json: unknown;
  try {
    json = there.isFile(name) ? there.readJson(name) : undefined;
  } catch (error) {
    if (!isKnbuildError(error)) throw error;
    return { volta: own, voltaTrouble: error };
  }
  const base = voltaOf(there, strings((json as { volta?: unknown } | null | undefined)?.volta), depth + 1);
  return { ...base, volta: { ...base.volta, ...own } };
}

function strings(value: unknown): Record<string, string> {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );
}

function engineSpecs(value: unknown): Manifest["devEngines"] {
  const read = (part: unknown) =>
    [part ?? []].flat().filter((spec): spec is EngineSpec => typeof (spec as EngineSpec | null)?.name === "string");
  const table = (value ?? {}) as { runtime?: unknown; packageManager?: unknown };
  return { runtime: read(table.runtime), packageManager: read(table.packageManager) };
}
