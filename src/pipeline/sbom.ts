/** The bill of materials of an image (out of its layers) or of a directory (out of what a build would put in). */
import { toCycloneDx } from "../attest/sbom/cyclonedx.ts";
import { readImage } from "../attest/sbom/read-image.ts";
import { toSpdx } from "../attest/sbom/spdx.ts";
import type { SbomFormat, SbomInput } from "../attest/sbom/types.ts";
import { usageError } from "../base/errors.ts";
import { knbuildVersion } from "../base/version.ts";
import type { Image } from "../oci/image.ts";
import type { Platform } from "../oci/platform.ts";
import { imageOf, selectImage } from "../oci/remote-image.ts";
import type { BuildOptions } from "./build-types.ts";
import { openSubject, type SubjectSources } from "./subject.ts";
import { builtImage } from "./transports.ts";

export interface SbomDocument {
  format: SbomFormat;
  /** The document: equal images give equal text. */
  text: string;
  input: SbomInput;
}

/** What is inside an image that is at hand. Every layer is read once. */
export function describeImage(image: Image, name: string, env: NodeJS.ProcessEnv): Promise<SbomInput> {
  const epoch = sourceDateEpoch(env);
  return readImage(image, { name, tool: knbuildVersion(), ...(epoch !== undefined && { createdEpoch: epoch }) });
}

export function formatSbom(input: SbomInput, format: SbomFormat): string {
  return format === "spdx" ? toSpdx(input) : toCycloneDx(input);
}

/** @param platform of an index; default linux/amd64 */
export async function sbomOfImage(
  spec: string,
  format: SbomFormat,
  sources: SubjectSources,
  platform?: Platform,
): Promise<SbomDocument> {
  const subject = await openSubject(spec, "read", sources);
  try {
    const descriptor = await selectImage(subject.target, subject.descriptor, platform);
    const input = await describeImage(imageOf(subject.target, descriptor), subject.name, sources.env);
    return { format, input, text: formatSbom(input, format) };
  } finally {
    await subject.close();
  }
}

/** Builds the directory (a no-op when nothing changed) and describes what came out: not what a lock file promises. */
export async function sbomOfDirectory(
  options: BuildOptions,
  format: SbomFormat,
  sources: SubjectSources,
): Promise<SbomDocument> {
  const { build } = await import("./build.ts");
  const report = await build(options);
  return sbomOfImage(builtImage(report), format, sources);
}

/** Only a time that the user pinned goes in. @throws SOURCE_DATE_EPOCH_INVALID */
function sourceDateEpoch(env: NodeJS.ProcessEnv): number | undefined {
  const text = env["SOURCE_DATE_EPOCH"];
  if (!text) return undefined;
  if (!/^\d{1,12}$/.test(text)) {
    throw usageError(
      "SOURCE_DATE_EPOCH_INVALID",
      `SOURCE_DATE_EPOCH is not a number of seconds: ${JSON.stringify(text)}`,
    );
  }
  return Number(text);
}
