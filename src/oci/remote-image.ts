/** An image that lies in a target and is read when somebody asks: a base by reference costs its manifest and its config. */
import { KnbuildError } from "../base/errors.ts";
import { readAll } from "../base/streams.ts";
import { decompress } from "../tar/decompress.ts";
import type { ContentLocation, Layer } from "./blob.ts";
import { type Descriptor, isIndexType, layerCompression, MediaType } from "./descriptor.ts";
import type { Image } from "./image.ts";
import type { ImageConfig, Index, Manifest } from "./manifest.ts";
import { formatPlatform, LINUX_AMD64, type Platform } from "./platform.ts";
import { parseDocument, readDocument } from "./read-manifest.ts";
import type { ReadTarget } from "./target.ts";

const JSON_LIMIT_BYTES = 4 * 1024 * 1024;
/** Indexes may name indexes; nobody needs more than this. */
const MAX_DEPTH = 4;
/** Others are of artifacts, which are for no platform. */
const CONFIGS = new Set<string>([MediaType.ociConfig, MediaType.dockerConfig]);

/**
 * The image of a manifest's descriptor. Nothing is read before it is asked for: the manifest, then the config, then layers.
 * Every reading may throw MANIFEST_INVALID, SCHEMA1_UNSUPPORTED, CONFIG_INVALID_IMAGE and what the target throws.
 */
export function imageOf(source: ReadTarget, descriptor: Descriptor): Image {
  const where = `${source.name}@${descriptor.digest}`;
  const rawManifest = remembered(() => readAll(source.open(descriptor), JSON_LIMIT_BYTES, where));
  const manifest = async (): Promise<Manifest> => {
    const document = parseDocument(await rawManifest(), descriptor, where);
    if (document.kind === "manifest") return document.manifest;
    throw new KnbuildError({
      code: "MANIFEST_INVALID",
      message: "an index of images, where one image is wanted",
      where,
    });
  };
  const rawConfig = remembered(async () => readAll(source.open((await manifest()).config), JSON_LIMIT_BYTES, where));
  const config = async () => parseConfig(await rawConfig(), where);
  const origin: ContentLocation[] = source.location ? [source.location] : [];
  return {
    descriptor,
    rawManifest,
    rawConfig,
    manifest,
    config,
    async layers() {
      const [{ layers }, { rootfs }] = [await manifest(), await config()];
      const diffIds = rootfs?.diff_ids ?? [];
      if (diffIds.length !== layers.length) {
        throw new KnbuildError({
          code: "CONFIG_INVALID_IMAGE",
          message: `the image has ${layers.length} layers, but its config names ${diffIds.length}`,
          where,
        });
      }
      return layers.map((layer, i) => lazyLayer(source, layer, diffIds[i] as string, origin));
    },
  };
}

/**
 * The descriptor of the one image that is meant: itself, or of an index the entry for `platform` (default linux/amd64).
 * @throws PLATFORM_MISSING, MANIFEST_*, SCHEMA1_UNSUPPORTED, and what the target throws
 */
export async function selectImage(
  source: ReadTarget,
  descriptor: Descriptor,
  platform: Platform = LINUX_AMD64,
): Promise<Descriptor> {
  let current = descriptor;
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    const document = isIndexType(current.mediaType) && (await readDocument(source, current));
    if (!document || document.kind === "manifest") return current;
    current = await pickPlatform(source, document.index, platform);
  }
  throw new KnbuildError({
    code: "MANIFEST_INVALID",
    message: "the index names indexes without end",
    where: `${source.name}@${descriptor.digest}`,
  });
}

/** That an image by itself is not for another platform, as far as it says. @throws PLATFORM_MISSING */
export async function assertPlatform(source: ReadTarget, image: Descriptor, platform: Platform): Promise<void> {
  const document = await readDocument(source, image);
  if (document.kind !== "manifest" || !CONFIGS.has(document.manifest.config.mediaType)) return;
  const own = platformOf(await readConfig(source, document.manifest.config));
  const differs = (key: "os" | "architecture") => own[key] && own[key] !== platform[key];
  if (!differs("os") && !differs("architecture")) return;
  throw new KnbuildError({
    code: "PLATFORM_MISSING",
    message: `the image is for ${formatPlatform(own)}, not for ${formatPlatform(platform)}`,
    where: source.name,
    hint: "It is a single image, not an index of several: without a platform it is taken as it is.",
  });
}

/**
 * The entry of an index for a platform: the exact variant, else one without, else a lower one of the same architecture.
 * @throws PLATFORM_MISSING with what there is
 */
export async function pickPlatform(source: ReadTarget, index: Index, platform: Platform): Promise<Descriptor> {
  const entries = index.manifests.filter((entry) => !isAttestation(entry));
  const described = await Promise.all(
    entries.map(async (entry) => ({ entry, platform: entry.platform ?? (await configPlatform(source, entry)) })),
  );
  const candidates = described.filter(
    (one) => one.platform?.os === platform.os && one.platform.architecture === platform.architecture,
  );
  const wanted = platform.variant ?? "";
  const found =
    candidates.find((one) => (one.platform?.variant ?? "") === wanted) ??
    candidates.find((one) => !one.platform?.variant) ??
    (wanted === "" ? candidates.at(0) : undefined);
  if (found) return found.entry;
  const offered = [...new Set(described.flatMap((one) => (one.platform ? [formatPlatform(one.platform)] : [])))];
  throw new KnbuildError({
    code: "PLATFORM_MISSING",
    message: `there is no image for ${formatPlatform(platform)} in this index`,
    where: source.name,
    hint: offered.length > 0 ? `It has: ${offered.join(", ")}.` : "It names no platforms at all.",
  });
}

/** BuildKit puts its attestations into the index as images of an unknown platform. */
function isAttestation(entry: Descriptor): boolean {
  return (
    entry.annotations?.["vnd.docker.reference.type"] === "attestation-manifest" || entry.platform?.os === "unknown"
  );
}

async function configPlatform(source: ReadTarget, entry: Descriptor): Promise<Platform | undefined> {
  const document = await readDocument(source, entry);
  if (document.kind !== "manifest") return undefined;
  return platformOf(await readConfig(source, document.manifest.config));
}

function platformOf({ os, architecture, variant }: ImageConfig): Platform {
  return { os, architecture, ...(variant && { variant }) };
}

async function readConfig(source: ReadTarget, descriptor: Descriptor): Promise<ImageConfig> {
  return parseConfig(await readAll(source.open(descriptor), JSON_LIMIT_BYTES, source.name), source.name);
}

function parseConfig(bytes: Uint8Array, where: string): ImageConfig {
  try {
    const config = JSON.parse(Buffer.from(bytes).toString("utf8")) as ImageConfig | null;
    if (config !== null && typeof config === "object") return config;
  } catch {
    // Said below.
  }
  throw new KnbuildError({ code: "CONFIG_INVALID_IMAGE", message: "the image's config is not a JSON object", where });
}

/** Read once; a failure is not remembered. */
function remembered<T>(read: () => Promise<T>): () => Promise<T> {
  let value: Promise<T> | undefined;
  return () => {
    value ??= read().catch((error: unknown) => {
      value = undefined;
      throw error;
    });
    return value;
  };
}

function lazyLayer(source: ReadTarget, descriptor: Descriptor, diffId: string, origin: ContentLocation[]): Layer {
  return {
    descriptor,
    diffId,
    ...(origin.length > 0 && { origin }),
    open: (reading) => source.open(descriptor, reading),
    ...(source.openRange && { openRange: (start, reading) => source.openRange!(descriptor, start, reading) }),
    openUncompressed: () => decompress(source.open(descriptor), layerCompression(descriptor.mediaType) ?? "none"),
  };
}
