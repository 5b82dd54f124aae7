/** The list of names of the store, read without opening the store. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Annotation } from "../oci/descriptor.ts";
import type { Index } from "../oci/manifest.ts";

/** @returns the digest that a name stands for; undefined: none, or the list cannot be read */
export function storedDigest(cacheDir: string, tag: string): string | undefined {
  try {
    const { manifests } = JSON.parse(readFileSync(join(cacheDir, "store", "index.json"), "utf8")) as Index;
    return manifests.find(({ annotations }) => annotations?.[Annotation.refName] === tag)?.digest;
  } catch {
    return undefined;
  }
}
