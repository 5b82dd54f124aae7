/** A planned Dockerfile → the image, by the engine that was chosen. */
import type { SignaturePolicyInput } from "../attest/verify/policy.ts";
import { isDigest } from "../base/digest.ts";
import { KnbuildError } from "../base/errors.ts";
import type { DockerfileContext, EngineResult } from "../engines/types.ts";
import type { Layer } from "../oci/blob.ts";
import type { Image } from "../oci/image.ts";
import type { Platform } from "../oci/platform.ts";
import { LINUX_AMD64 } from "../oci/platform.ts";
import { parseReference, referenceTag } from "../oci/reference.ts";
import { imageOf, selectImage } from "../oci/remote-image.ts";
import type { ReadTarget } from "../oci/target.ts";
import type { DockerfileStep } from "../plan/types.ts";
import { toRegistriesConf } from "../registry/mirrors/export.ts";
import type { ImageRun, PlannedImage } from "./make-image.ts";
import { openSourcePlace, TRANSPORTS } from "./transports.ts";

/** @throws BASE_REFERENCE_UNKNOWN, PLATFORM_MISSING, and what the registry throws */
export async function openDockerfileImage(ref: string, run: ImageRun, platform?: string): Promise<Image> {
  const { target, tag } = await openPlace(ref, run);
  const descriptor = await target.resolve(tag);
  if (!descriptor) {
    throw new KnbuildError({
      code: "BASE_REFERENCE_UNKNOWN",
      message: `there is no image ${ref}`,
      where: target.name,
      hint: "Check the name and the tag, and whether you may read it.",
    });
  }
  return imageOf(
    target,
    await selectImage(target, descriptor, platform === undefined ? LINUX_AMD64 : toPlatform(platform)),
  );
}

async function openPlace(ref: string, run: ImageRun): Promise<{ target: ReadTarget; tag: string }> {
  const named = /^(docker-image|oci-layout):\/\/(.*)$/.exec(ref);
  const spec = named ? (named[1] === "docker-image" ? (named[2] as string) : `oci:${named[2]}`) : ref;
  const transport = TRANSPORTS.find((one) => spec.startsWith(one));
  if (transport && transport !== "docker://") {
    return openSourcePlace(spec, {
      store: () => run.store,
      registry: (reference) => run.registry().repository(reference, { access: "pull" }),
    });
  }
  const reference = parseReference(spec.replace(/^docker:\/\//, ""));
  return { target: run.registry().repository(reference, { access: "pull" }), tag: referenceTag(reference) };
}

function toPlatform(text: string): Platform {
  const [os = "linux", architecture = "amd64", variant] = text.split("/");
  return { os, architecture, ...(variant !== undefined && { variant }) };
}

export async function makeDockerfileImage(
  run: ImageRun,
  planned: PlannedImage,
  layering: DockerfileContext["layering"],
  annotations: Record<string, string>,
): Promise<EngineResult> {
  const { engine, config, plan } = planned;
  const step = plan.steps[0] as DockerfileStep;
  if (config.verify?.base) {
    // All that the image may get files from: what it begins with, and what stages copy from.
    for (const name of step.images) {
      const ref = step.contexts[name] ?? name;
      // A directory that stands for an image is the user's own.
      if (ref === name || /^(?:docker-image|oci-layout):/.test(ref)) await checkSignature(ref, config.verify.base, run);
    }
  }
  const { registry } = run.options;
  const plain = typeof registry === "object" ? (registry.plainHttp ?? []) : [];
  const rules = config.mirrors === undefined && plain.length === 0 ? undefined : await run.registry().mirrorRules();
  const context: DockerfileContext = {
    sourceDir: run.dir,
    env: run.env,
    cacheDir: run.cacheDir,
    layering,
    openImage: (ref, platform) => openDockerfileImage(ref, run, platform),
    fetchLayer: (layer) => fetchLayer(layer, run),
    importArchive: async (path, kind) => {
      const target =
        kind === "docker"
          ? await (await import("../store/docker-archive.ts")).openDockerArchive(path)
          : await (await import("../store/oci-archive.ts")).openOciArchive(path);
      const descriptor = await target.resolve("latest");
      if (!descriptor)
        throw new KnbuildError({ code: "ARCHIVE_INVALID", message: "the archive holds no image", where: path });
      return imageOf(target, await selectImage(target, descriptor));
    },
    ...(rules && {
      registriesConf: `${toRegistriesConf([...rules.own, ...rules.machine]).content}${plainHosts(plain)}`,
    }),
    annotations,
    labels: config.labels,
    fresh: run.options.fresh === true,
    signal: run.signal,
    emit: run.emit,
  };
  return (engine.dockerfile as NonNullable<typeof engine.dockerfile>).build(step, context);
}

/** Registries that speak plain http, for containers-registries.conf(5). */
function plainHosts(hosts: readonly string[]): string {
  return hosts.map((host) => `\n[[registry]]\nlocation = ${JSON.stringify(host)}\ninsecure = true\n`).join("");
}

/** @throws BASE_SIGNATURE_REFUSED, BASE_REFERENCE_UNKNOWN */
async function checkSignature(ref: string, policy: SignaturePolicyInput, run: ImageRun): Promise<void> {
  const { target, tag } = await openPlace(ref, run);
  const { enforceBasePolicy } = await import("./base-policy.ts");
  const { descriptor: manifest } = await openDockerfileImage(ref, run);
  const digest = (await target.resolve(tag))?.digest ?? manifest.digest;
  await enforceBasePolicy({ ref, target, digest, manifest }, policy, run);
}

/** A layer that lies elsewhere comes into the store, once. */
async function fetchLayer(layer: Layer, { store }: ImageRun): Promise<Layer> {
  const { descriptor } = layer;
  if (!isDigest(descriptor.digest)) return layer;
  if (!store.hasBlob(descriptor.digest, descriptor.size)) await store.put(layer);
  const { decompress } = await import("../tar/decompress.ts");
  const { layerCompression } = await import("../oci/descriptor.ts");
  const open = () => store.openBlob(descriptor);
  return {
    ...layer,
    open,
    openUncompressed: () => decompress(open(), layerCompression(descriptor.mediaType) ?? "none"),
  };
}
