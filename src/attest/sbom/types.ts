/** What a bill of materials says, before it has a format. */

export type PackageKind =
  /** A package of npm, inside the bundle or as files. */
  | "npm"
  /** A package of Debian or one of its children. */
  | "deb"
  /** The program that runs the app (Node.js). */
  | "runtime"
  /** The user's own app. */
  | "app";

export type HashName = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";

export interface SbomPackage {
  kind: PackageKind;
  name: string;
  version: string;
  /** Unique in the bill; equal input gives equal ids. For packages with a purl: the purl. */
  id: string;
  purl?: string;
  /** `bundled`: its code is inside the app's bundle; `files`: it lies in the image as it was published. */
  how?: "bundled" | "files";
  /** As declared: an SPDX expression where it is one, else free text. Several are alternatives that nobody ordered. */
  licenses: string[];
  hashes: { algorithm: HashName; hex: string }[];
  /** Common Platform Enumeration 2.3: what vulnerability databases know a program by that no package registry publishes. */
  cpe?: string;
  /** Debian: the source package. */
  source?: { name: string; version: string };
  maintainer?: string;
  homepage?: string;
  /** Ids of packages of this bill. */
  dependsOn: string[];
}

export interface SbomInput {
  /** What is described: a reference without tag, or a directory's name. */
  name: string;
  /** `sha256:…` of the image's manifest; absent for a directory. */
  digest?: string;
  /** `linux/amd64` */
  platform?: string;
  os?: { id: string; version: string; name: string };
  packages: SbomPackage[];
  /** Seconds; only where the user asked for a time (SOURCE_DATE_EPOCH). Without it the bill has none. */
  createdEpoch?: number;
  /** knbuild's own version. */
  tool: string;
}

export type SbomFormat = "cyclonedx" | "spdx";

/** Media types of the documents, also as artifact types. */
export const SBOM_MEDIA_TYPES: Readonly<Record<SbomFormat, string>> = {
  cyclonedx: "application/vnd.cyclonedx+json",
  spdx: "application/spdx+json",
};

/** Packages in one order, each once; edges to what is not in the bill dropped. */
export function normalizePackages(packages: readonly SbomPackage[]): SbomPackage[] {
  const byId = new Map<string, SbomPackage>();
  for (const entry of packages) {
    const before = byId.get(entry.id);
    byId.set(entry.id, before ? merge(before, entry) : entry);
  }
  return [...byId.values()]
    .map((entry) => ({
      ...entry,
      licenses: [...new Set(entry.licenses)].sort(),
      dependsOn: [...new Set(entry.dependsOn)].filter((id) => id !== entry.id && byId.has(id)).sort(),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/** The same package seen twice: what one source does not know, the other may. */
function merge(a: SbomPackage, b: SbomPackage): SbomPackage {
  return {
    ...b,
    ...a,
    licenses: a.licenses.length > 0 ? a.licenses : b.licenses,
    hashes: a.hashes.length > 0 ? a.hashes : b.hashes,
    dependsOn: [...a.dependsOn, ...b.dependsOn],
    ...((a.how ?? b.how) && {
      how: a.how === "bundled" || b.how === "bundled" ? ("bundled" as const) : (a.how ?? b.how)!,
    }),
  };
}
