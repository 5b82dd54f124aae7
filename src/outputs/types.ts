/** Where a finished image goes. An output is one file in `kinds/`, default export made by `defineOutput`. */
import type { Emit } from "../base/events.ts";
import type { CopyReport } from "../oci/copy.ts";
import type { Image } from "../oci/image.ts";
import type { Reference } from "../oci/reference.ts";
import type { Expected, Target } from "../oci/target.ts";
import type { Store } from "../store/store.ts";

export interface OutputRequest {
  /** Id of the output. */
  type: string;
  /** Absolute path of a file or directory, where the output takes one. */
  dest?: string;
}

export interface OutputContext {
  /** References that the image shall bear; at least one. */
  names: readonly Reference[];
  store: Store;
  registry: (reference: Reference) => Target;
  signal: AbortSignal;
  emit: Emit;
}

export interface OutputReport {
  type: string;
  ref?: string;
  dest?: string;
  /** To this machine's disks. */
  bytesWritten: number;
  /** To a registry. */
  bytesUploaded: number;
  /** What became of each blob, where the output can tell. */
  blobs?: CopyReport["blobs"];
}

export interface Output {
  id: string;
  summary: string;
  /** What `dest` is. */
  dest: "file" | "directory" | "none";
  write(image: Image, request: OutputRequest, context: OutputContext): Promise<OutputReport[]>;
  /** An image much like an earlier one will be written: time to get ready. `named` is by the whole name. */
  expect?(earlier: Omit<Expected, "tags">, context: OutputContext): void;
  /** Does what an earlier build reported still stand? Asked by a build that has nothing else to do. */
  stands(report: OutputReport, digest: string, context: OutputContext): Promise<boolean>;
}

export function defineOutput(output: Output): Output {
  return output;
}
