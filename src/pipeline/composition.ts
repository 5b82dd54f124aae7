/** The record of an image's packages (attest/sbom/composition.ts), made once for each set of packages. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LOCK_FILES } from "../attest/sbom/lock-files.ts";
import { canonicalJson } from "../base/canonical-json.ts";
import { sha256 } from "../base/digest.ts";
import { readAll, streamOf } from "../base/streams.ts";
import { knbuildVersion } from "../base/version.ts";
import type { PackagesInside } from "../engines/types.ts";
import type { FileEntry } from "../oci/layer-source.ts";
import type { Store } from "../store/store.ts";

const LIMIT_BYTES = 64 * 1024 * 1024;

/** The file for the image. Making it loads a CycloneDX library and reads every package.json, so it is kept by its content. */
export async function composition(inside: PackagesInside, store: Store): Promise<FileEntry> {
  const version = knbuildVersion();
  const packages = inside.packages.map(({ name, version: of, dir, how }) => [name, of, dir, how]);
  const key = sha256(canonicalJson([version, packages, appIdentity(inside.appDir), sources(inside)])).slice(7);
  const kept = store.readRecord("compositions", key);
  if (typeof kept === "string") return fileOf(Buffer.from(kept), "var/lib/db/sbom/app.cdx.json");
  const { compositionFile, describeComposition } = await import("../attest/sbom/composition.ts");
  const made = compositionFile(describeComposition(inside), version);
  const bytes = Buffer.from(await readAll(made.open(), LIMIT_BYTES));
  store.writeRecord("compositions", key, bytes.toString("utf8"));
  return fileOf(bytes, made.path);
}

function fileOf(bytes: Buffer, path: string): FileEntry {
  return {
    type: "file",
    path,
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: bytes.byteLength,
    digest: sha256(bytes),
    open: () => streamOf(bytes),
  };
}

/**
 * What else the record is made of: hashes come from the lock files, and a package that is no published one (a member of the
 * workspace) may change and keep its version.
 */
function sources({ modulesRoot, packages }: PackagesInside): (string | null)[] {
  const own = packages.filter(({ dir }) => !/(?:^|\/)node_modules\//.test(dir)).map(({ dir }) => `${dir}/package.json`);
  return [...LOCK_FILES, ...own].map((name) => {
    try {
      return sha256(readFileSync(join(modulesRoot, name)));
    } catch {
      return null;
    }
  });
}

/** What of the app's own package.json the record repeats. */
function appIdentity(appDir: string): unknown {
  try {
    const { name, license, dependencies } = JSON.parse(readFileSync(join(appDir, "package.json"), "utf8")) as Record<
      string,
      unknown
    >;
    return [name, license, dependencies];
  } catch {
    return null;
  }
}
