/** How each kind of package is named: package URLs (purl-spec) and what is read of its own metadata. */
import { PackageURL } from "packageurl-js";
import { debianLicenses, npmLicenses } from "./licenses.ts";
import type { HashName, SbomPackage } from "./types.ts";

/** The fields of a package.json that a bill of materials needs. */
export interface NpmManifest {
  name?: string;
  version?: string;
  license?: unknown;
  licenses?: unknown;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  homepage?: unknown;
}

export function npmPurl(name: string, version: string): string {
  const slash = name.startsWith("@") ? name.indexOf("/") : -1;
  const namespace = slash > 0 ? name.slice(0, slash) : undefined;
  return new PackageURL("npm", namespace, name.slice(slash + 1), version, undefined, undefined).toString();
}

/** @param integrity Subresource Integrity as lock files have it: `sha512-BASE64` */
export function npmPackage(manifest: NpmManifest, how: "bundled" | "files", integrity?: string): SbomPackage {
  const { name = "", version = "" } = manifest;
  const purl = npmPurl(name, version);
  return {
    kind: "npm",
    name,
    version,
    id: purl,
    purl,
    how,
    licenses: npmLicenses(manifest),
    hashes: integrityHashes(integrity),
    ...(typeof manifest.homepage === "string" &&
      /^https?:\/\//.test(manifest.homepage) && { homepage: manifest.homepage }),
    dependsOn: [],
  };
}

export function integrityHashes(integrity: string | undefined): SbomPackage["hashes"] {
  return [...(integrity ?? "").matchAll(/(?:^|\s)(sha1|sha256|sha384|sha512)-([A-Za-z0-9+/]+={0,2})/g)].map(
    ([, algorithm, hash]) => ({
      algorithm: algorithm!.replace("sha", "SHA-") as HashName,
      hex: Buffer.from(hash!, "base64").toString("hex"),
    }),
  );
}

export function nodeRuntime(version: string, sha256Hex: string): SbomPackage {
  const purl = new PackageURL("generic", undefined, "node", version, undefined, undefined).toString();
  return {
    kind: "runtime",
    name: "node",
    version,
    id: purl,
    purl,
    licenses: ["MIT"],
    hashes: [{ algorithm: "SHA-256", hex: sha256Hex }],
    cpe: `cpe:2.3:a:nodejs:node.js:${version.replace(/[^0-9A-Za-z.]/g, "\\$&")}:*:*:*:*:*:*:*`,
    homepage: "https://nodejs.org",
    dependsOn: [],
  };
}

/** A package of a dpkg status file. Its dependencies are names; `linkDebian` turns them into edges. */
export interface DebianPackage {
  name: string;
  version: string;
  architecture: string;
  source: { name: string; version: string };
  maintainer?: string;
  homepage?: string;
  /** Of the .deb, where whoever wrote the status noted it (knbuild does). */
  sha256?: string;
  /** Alternatives of each relation. */
  depends: string[][];
  provides: string[];
}

/** Reads `Package:` stanzas (var/lib/dpkg/status, or one file of status.d). Packages that are not installed are left out. */
export function parseDpkgStatus(text: string): DebianPackage[] {
  const packages: DebianPackage[] = [];
  for (const stanza of text.split(/\n\s*\n/)) {
    const fields = new Map<string, string>();
    for (const match of stanza.matchAll(/^([A-Za-z][A-Za-z0-9-]*):[ \t]*(.*(?:\n[ \t].*)*)/gm)) {
      fields.set(match[1]!.toLowerCase(), match[2]!.trim());
    }
    const [name, version] = [fields.get("package"), fields.get("version")];
    const status = fields.get("status");
    if (!name || !version || (status && !/\binstalled$/.test(status))) continue;
    const source = /^(\S+)(?:\s+\(([^)]+)\))?/.exec(fields.get("source") ?? name)!;
    const maintainer = fields.get("maintainer");
    const homepage = fields.get("homepage");
    const sha256 = fields.get("sha256");
    packages.push({
      name,
      version,
      architecture: fields.get("architecture") ?? "all",
      source: { name: source[1]!, version: source[2] ?? version },
      ...(maintainer && { maintainer }),
      ...(homepage && /^https?:\/\//.test(homepage) && { homepage }),
      ...(sha256 && /^[0-9a-f]{64}$/.test(sha256) && { sha256 }),
      depends: relations([fields.get("pre-depends"), fields.get("depends")].filter(Boolean).join(", ")),
      provides: relations(fields.get("provides") ?? "").flat(),
    });
  }
  return packages;
}

/** @param copyright the text of `usr/share/doc/NAME/copyright` by package name, undefined where there is none */
export function debianPackages(
  packages: readonly DebianPackage[],
  copyright: (name: string) => string | undefined,
  os: { id: string; version: string } | undefined,
): SbomPackage[] {
  const id = (entry: DebianPackage) => debianPurl(entry, os);
  const providers = new Map<string, string>();
  for (const entry of packages) for (const name of entry.provides) providers.set(name, id(entry));
  for (const entry of packages) providers.set(entry.name, id(entry));
  return packages.map((entry) => ({
    kind: "deb",
    name: entry.name,
    version: entry.version,
    id: id(entry),
    purl: id(entry),
    how: "files",
    licenses: debianLicenses(copyright(entry.name) ?? ""),
    hashes: entry.sha256 ? [{ algorithm: "SHA-256", hex: entry.sha256 }] : [],
    source: entry.source,
    ...(entry.maintainer && { maintainer: entry.maintainer }),
    ...(entry.homepage && { homepage: entry.homepage }),
    dependsOn: entry.depends.flatMap((alternatives) => {
      const found = alternatives.map((name) => providers.get(name)).find((one) => one !== undefined);
      return found ? [found] : [];
    }),
  }));
}

function debianPurl(entry: DebianPackage, os: { id: string; version: string } | undefined): string {
  const vendor = os?.id ?? "debian";
  const upstream =
    entry.source.name === entry.name && entry.source.version === entry.version
      ? undefined
      : entry.source.version === entry.version
        ? entry.source.name
        : `${entry.source.name}@${entry.source.version}`;
  const qualifiers = {
    arch: entry.architecture,
    ...(os?.version && { distro: `${vendor}-${os.version}` }),
    ...(upstream && { upstream }),
  };
  return new PackageURL("deb", vendor, entry.name, entry.version, qualifiers, undefined).toString();
}

/** `a (>= 1) | b, c:any` → [[a, b], [c]] */
function relations(text: string): string[][] {
  return text
    .split(",")
    .map((group) =>
      group
        .split("|")
        .map((relation) => /^\s*([a-z0-9][a-z0-9+.-]*)/.exec(relation)?.[1] ?? "")
        .filter(Boolean),
    )
    .filter((group) => group.length > 0);
}
