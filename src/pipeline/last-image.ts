/** What a source directory was built to last: the next image is much like it. */
import { createHash } from "node:crypto";
import type { Digest } from "../base/digest.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import type { BuildReport } from "./build-types.ts";

export interface LastImage {
  image: Digest;
  blobs: Descriptor[];
  /** Key of the plan it was made by, and of the build's record. */
  plan: string;
  build: string;
  bundle: BuildReport["bundle"];
}

/** What people are told of a bundle; nothing, where there is none. */
export function bundleReport(bundle: BuildReport["bundle"] | undefined): BuildReport["bundle"] {
  return {
    bundled: bundle?.bundled ?? [],
    external: (bundle?.external ?? []).map(({ name, reason }) => ({ name, reason })),
  };
}

/** Of the record, of kind `latest`. @param dir absolute */
export function lastImageKey(dir: string): string {
  return createHash("sha256").update(dir).digest("hex");
}
