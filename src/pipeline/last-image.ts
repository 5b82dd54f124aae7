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

/** Of the record, of kind `latest`. @param dir absolute */
export function lastImageKey(dir: string): string {
  return createHash("sha256").update(dir).digest("hex");
}
