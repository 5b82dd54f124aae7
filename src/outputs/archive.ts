/** What the archive outputs have in common: an image into a target that is a file. */
import { statSync } from "node:fs";
import { copy } from "../oci/copy.ts";
import type { Image } from "../oci/image.ts";
import { targetOfImage } from "../oci/image-target.ts";
import type { Closable, Target } from "../oci/target.ts";
import type { OutputContext, OutputReport, OutputRequest } from "./types.ts";

/** The pipeline has refused an output of this kind that has none. */
export function requireDest(request: OutputRequest): string {
  return request.dest as string;
}

/** The archive appears whole at the end, or not at all. */
export async function writeArchive(
  image: Image,
  target: Target & Closable,
  dest: string,
  tags: string[],
  type: string,
  context: OutputContext,
): Promise<OutputReport[]> {
  try {
    await copy(await targetOfImage(image, "build"), target, {
      reference: image.descriptor.digest,
      tags,
      signal: context.signal,
    });
  } catch (error) {
    await target.close(error);
    throw error;
  }
  await target.close();
  return [{ type, dest, bytesWritten: statSync(dest).size, bytesUploaded: 0 }];
}

/** A file of the size that was written: whoever replaced it since gets it written anew only when that shows. */
export function fileStands(report: OutputReport): boolean {
  return report.dest !== undefined && statSync(report.dest, { throwIfNoEntry: false })?.size === report.bytesWritten;
}
