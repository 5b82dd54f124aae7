/** npm packages that lie in an image as files, with the edges that Node's own look-up gives and the hashes that lock files know. */
import { type ImageFile, joinPath } from "./image-files.ts";
import { npmLicenses } from "./licenses.ts";
import { LOCK_FILES } from "./lock-files.ts";
import { type FindIntegrity, readIntegrity } from "./lock-integrity.ts";
import { type NpmManifest, npmPackage } from "./packages.ts";
import type { SbomPackage } from "./types.ts";

const MANIFEST = /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/;
const LOCK = new RegExp(`^(.*/)?(${LOCK_FILES.map((name) => name.replace(/\./g, "\\.")).join("|")})$`);

/** Files whose text `npmTree` reads. @param appDir of the image, without leading slash */
export function isNpmFile(path: string, appDir: string): boolean {
  return MANIFEST.test(path) || path === manifestOf(appDir) || (LOCK.test(path) && !/node_modules\/[^.]/.test(path));
}

export interface NpmTree {
  packages: SbomPackage[];
  /** The app itself, where its directory has a package.json with a name. */
  app?: SbomPackage;
}

export function npmTree(files: ReadonlyMap<string, ImageFile>, appDir: string): NpmTree {
  const integrity = lockFilesOf(files);
  const byDir = new Map<string, { manifest: NpmManifest; entry: SbomPackage }>();
  for (const [path, found] of files) {
    if (!("text" in found) || !MANIFEST.test(path)) continue;
    const manifest = parseManifest(found.text);
    if (!manifest?.name || !manifest.version) continue;
    const dir = path.slice(0, -"/package.json".length);
    const hash = integrity(dir, manifest.name, manifest.version);
    byDir.set(dir, { manifest, entry: npmPackage(manifest, "files", hash) });
  }
  const needs = (dir: string, manifest: NpmManifest): string[] => {
    const names = [manifest.peerDependencies, manifest.optionalDependencies, manifest.dependencies].flatMap((group) =>
      Object.keys(group ?? {}),
    );
    return names.flatMap((name) => {
      for (const base of ancestors(dir)) {
        const entry = byDir.get(realDir(files, `${base}node_modules/${name}`))?.entry;
        if (entry) return [entry.id];
      }
      return [];
    });
  };
  for (const [dir, { manifest, entry }] of byDir) entry.dependsOn.push(...needs(dir, manifest));
  const own = files.get(manifestOf(appDir));
  const manifest = own && "text" in own ? parseManifest(own.text) : undefined;
  const app: SbomPackage | undefined =
    manifest?.name === undefined
      ? undefined
      : {
          kind: "app",
          name: manifest.name,
          version: manifest.version ?? "",
          id: `app:${manifest.name}`,
          licenses: npmLicenses(manifest),
          hashes: [],
          dependsOn: needs(appDir, manifest),
        };
  return { packages: [...byDir.values()].map(({ entry }) => entry), ...(app && { app }) };
}

function manifestOf(appDir: string): string {
  return appDir === "" ? "package.json" : `${appDir}/package.json`;
}

/** The nearest lock file above a package that knows it. */
function lockFilesOf(files: ReadonlyMap<string, ImageFile>): FindIntegrity {
  const roots = new Map<string, FindIntegrity>();
  for (const path of files.keys()) {
    const root = LOCK.exec(path)?.[1] ?? (LOCK.test(path) ? "" : undefined);
    if (root === undefined || roots.has(root)) continue;
    const find = readIntegrity((name) => {
      const file = files.get(`${root}${name}`);
      return file && "text" in file ? file.text : undefined;
    });
    roots.set(root, find);
  }
  return (dir, name, version) => {
    for (const base of ancestors(dir)) {
      const found = roots.get(base)?.(dir.slice(base.length), name, version);
      if (found) return found;
    }
    return undefined;
  };
}

function realDir(files: ReadonlyMap<string, ImageFile>, dir: string): string {
  const link = files.get(dir);
  return link && "link" in link ? joinPath(dir.slice(0, dir.lastIndexOf("/")), link.link) : dir;
}

function parseManifest(text: string): NpmManifest | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" ? (value as NpmManifest) : undefined;
  } catch {
    return undefined;
  }
}

/** `a/b` → [`a/b/`, `a/`, ``]: where Node looks for a node_modules, nearest first. */
function ancestors(dir: string): string[] {
  const parts = dir === "" ? [] : dir.split("/");
  return parts
    .map((_, i) => `${parts.slice(0, parts.length - i).join("/")}/`)
    .concat("")
    .filter((base) => !base.endsWith("node_modules/"));
}
