/** The hash of `packageManager` (`pnpm@10.1.0+sha512.…`): as corepack, knbuild runs no manager whose file is another one. */
import { createHash } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { KnbuildError } from "../base/errors.ts";
import { childEnvironment } from "./environment.ts";
import type { PackageLock } from "./lock-tree.ts";
import { cachedTarball, fetchTarball, npmCacheDir, strongest } from "./npm-cache.ts";
import type { InstallContext } from "./types.ts";

/** Yarn from 2 on is one script, and its hash is the script's; of the others it is the tarball's. */
const SCRIPT = "@yarnpkg/cli-dist";

/**
 * @param folder of the package, in a tree that npm installed @param file the program in it
 * @param hash algorithm, dot, hex
 * @throws MANAGER_HASH_MISMATCH, PACKAGE_UNAVAILABLE
 */
export async function assertManagerHash(
  name: string,
  folder: string,
  file: string,
  hash: string,
  context: InstallContext,
): Promise<void> {
  const [algorithm = "", expected] = hash.split(".");
  const found =
    name === SCRIPT
      ? await digestOf(createReadStream(file), algorithm)
      : await tarballDigest(name, folder, algorithm, context);
  if (found === expected) return;
  throw new KnbuildError({
    code: "MANAGER_HASH_MISMATCH",
    message: `${name} from the registry is not the one that packageManager in package.json names by its hash`,
    where: "package.json",
    detail: `package.json: ${hash}\nregistry:     ${algorithm}.${found}`,
    hint: "Have the field written anew (corepack use NAME@VERSION). If it is right, the registry gives other bytes: look at npm's configuration.",
  });
}

async function tarballDigest(
  name: string,
  folder: string,
  algorithm: string,
  context: InstallContext,
): Promise<string> {
  const lock = JSON.parse(readFileSync(join(folder, "../.package-lock.json"), "utf8")) as PackageLock;
  const { version = "", resolved, integrity = "" } = lock.packages?.[`node_modules/${name}`] ?? {};
  // npm has held the tarball against it.
  const known = strongest(integrity);
  if (known?.algorithm === algorithm) return Buffer.from(known.base64, "base64").toString("hex");
  const tarball =
    cachedTarball(npmCacheDir(childEnvironment({ env: context.env })), integrity) ??
    (await fetchTarball(name, version, resolved, integrity, (await context.npmConfig?.()) ?? {}));
  return digestOf(tarball.chunks(), algorithm);
}

async function digestOf(chunks: Iterable<Buffer> | AsyncIterable<Buffer>, algorithm: string): Promise<string> {
  const meter = createHash(algorithm);
  for await (const chunk of chunks) meter.update(chunk);
  return meter.digest("hex");
}
