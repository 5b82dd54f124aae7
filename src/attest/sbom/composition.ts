/**
 * What a bundle is made of, written down when it is made: afterwards nothing in the image says it any more. The record is
 * a small CycloneDX document in the image itself, where scanners look, so it travels with every copy of the image and the
 * layer that holds the packages' code holds their names too. It changes only when the packages do.
 */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { streamOf } from "../../base/streams.ts";
import type { FileEntry } from "../../oci/layer-source.ts";
import { HOW_PROPERTY, toCycloneDx } from "./cyclonedx.ts";
import { npmLicenses } from "./licenses.ts";
import { readIntegrity } from "./lock-integrity.ts";
import { type NpmManifest, npmPackage } from "./packages.ts";
import { type HashName, normalizePackages, type SbomPackage } from "./types.ts";

/** Where the record lies in the image: the directory in which distributions keep such documents. */
export const COMPOSITION_PATH = "var/lib/db/sbom/app.cdx.json";

/** A package that a build put into the image; `bundle/` gives these. */
export interface InsidePackage {
  name: string;
  version: string;
  /** Relative to the modules root, with `/`. */
  dir: string;
  how: "bundled" | "files";
}

export interface CompositionInput {
  /** Absolute: the directory that `dir` of the packages is relative to. */
  modulesRoot: string;
  /** Absolute: the app's own directory, with its package.json. */
  appDir: string;
  packages: readonly InsidePackage[];
}

/** Reads each package's own package.json (licence, dependencies) and the lock file (hashes). */
export function describeComposition(input: CompositionInput): SbomPackage[] {
  const integrity = readIntegrity((name) => readText(join(input.modulesRoot, name)));
  const byDir = new Map<string, SbomPackage>();
  const manifests = new Map<string, NpmManifest>();
  for (const { name, version, dir, how } of input.packages) {
    const manifest = readManifest(join(input.modulesRoot, dir));
    manifests.set(dir, manifest);
    byDir.set(dir, npmPackage({ ...manifest, name, version }, how, integrity(dir, name, version)));
  }
  const at = (dir: string) => byDir.get(dir);
  for (const [dir, entry] of byDir) entry.dependsOn = resolveAll(input.modulesRoot, dir, manifests.get(dir)!, at);
  return normalizePackages([appPackage(input, at), ...byDir.values()]);
}

function appPackage(input: CompositionInput, at: (dir: string) => SbomPackage | undefined): SbomPackage {
  const manifest = readManifest(input.appDir);
  const dir = relative(input.modulesRoot, input.appDir).split(sep).join("/");
  const name = manifest.name ?? "app";
  return {
    kind: "app",
    name,
    version: manifest.version ?? "0.0.0",
    id: `app:${name}`,
    licenses: npmLicenses(manifest),
    hashes: [],
    dependsOn: resolveAll(input.modulesRoot, dir, manifest, at),
  };
}

/** The packages that a directory's dependencies lead to, as Node looks for them: the nearest node_modules upwards. */
function resolveAll(
  root: string,
  dir: string,
  manifest: NpmManifest,
  at: (dir: string) => SbomPackage | undefined,
): string[] {
  const names = [manifest.dependencies, manifest.optionalDependencies, manifest.peerDependencies].flatMap((group) =>
    Object.keys(group ?? {}),
  );
  const found: string[] = [];
  for (const name of new Set(names)) {
    for (let base = dir; ; base = parent(base)) {
      const candidate = join(root, base, "node_modules", name);
      if (existsSync(candidate)) {
        // pnpm and workspaces link: the package is known by where it really lies.
        const real = relative(realpathSync(root), realpathSync(candidate)).split(sep).join("/");
        const entry = at(real) ?? at(relative(root, candidate).split(sep).join("/"));
        if (entry) found.push(entry.id);
        break;
      }
      if (base === "") break;
    }
  }
  return found;
}

function parent(dir: string): string {
  const slash = dir.lastIndexOf("/");
  return slash < 0 ? "" : dir.slice(0, slash);
}

function readManifest(dir: string): NpmManifest {
  try {
    return JSON.parse(readText(join(dir, "package.json")) ?? "{}") as NpmManifest;
  } catch {
    return {};
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** The record as a file of the layer that holds the packages. */
export function compositionFile(packages: readonly SbomPackage[], tool: string): FileEntry {
  const app = packages.find((entry) => entry.kind === "app");
  // The app's own version would change the layer with every release of it.
  const stable = packages.map((entry) => (entry.kind === "app" ? { ...entry, version: "0.0.0" } : entry));
  const bytes = Buffer.from(toCycloneDx({ name: app?.name ?? "app", packages: stable, tool }));
  return {
    type: "file",
    path: COMPOSITION_PATH,
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: bytes.byteLength,
    open: () => streamOf(bytes),
  };
}

interface CycloneDxComponent {
  type?: string;
  name?: string;
  group?: string;
  version?: string;
  purl?: string;
  "bom-ref"?: string;
  licenses?: { expression?: string; license?: { id?: string; name?: string } }[];
  hashes?: { alg: string; content: string }[];
  properties?: { name: string; value: string }[];
}

/** Reads a record back; a document that is none gives nothing. */
export function parseComposition(text: string): SbomPackage[] {
  let document: { components?: CycloneDxComponent[]; dependencies?: { ref: string; dependsOn?: string[] }[] };
  try {
    document = JSON.parse(text) as typeof document;
  } catch {
    return [];
  }
  const edges = new Map((document.dependencies ?? []).map(({ ref, dependsOn }) => [ref, dependsOn ?? []]));
  return (document.components ?? []).flatMap((component) => {
    const { type, name, group, version = "", purl } = component;
    const id = component["bom-ref"];
    const app = type === "application";
    if (!name || !id || !(app || purl?.startsWith("pkg:npm/"))) return [];
    const how = component.properties?.find((property) => property.name === HOW_PROPERTY)?.value;
    return [
      {
        kind: app ? ("app" as const) : ("npm" as const),
        name: group ? `${group}/${name}` : name,
        version,
        id,
        ...(purl && { purl }),
        ...((how === "bundled" || how === "files") && { how }),
        licenses: (component.licenses ?? []).flatMap((l) => l.expression ?? l.license?.id ?? l.license?.name ?? []),
        hashes: (component.hashes ?? []).flatMap(({ alg, content }) =>
          /^SHA-(?:1|256|384|512)$/.test(alg) ? [{ algorithm: alg as HashName, hex: content }] : [],
        ),
        dependsOn: edges.get(id) ?? [],
      } satisfies SbomPackage,
    ];
  });
}
