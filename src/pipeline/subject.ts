/** The image that a signature or a bill of materials is about, and the place that keeps what is said of it. */
import type { ArtifactTarget } from "../attest/artifact.ts";
import { cacheDir } from "../base/dirs.ts";
import { usageError } from "../base/errors.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { parseReference, repositoryName } from "../oci/reference.ts";
import type { RegistryClient } from "../registry/client.ts";
import { openStore } from "../store/store.ts";
import { openSourcePlace } from "./transports.ts";

export interface SubjectSources {
  registry: () => RegistryClient;
  cwd: string;
  env: NodeJS.ProcessEnv;
}

export interface Subject {
  target: ArtifactTarget;
  descriptor: Descriptor;
  /** As the user would write it again. */
  spec: string;
  /** `registry/repository` without tag: the name that goes into statements. */
  name: string;
  close(): Promise<void>;
}

/**
 * Opens an image by its reference, its name in the store, or a transport's name.
 * @param access `write` when something will be put beside it
 * @throws IMAGE_UNKNOWN, SUBJECT_READ_ONLY (archives and daemons keep nothing beside an image)
 */
export async function openSubject(spec: string, access: "read" | "write", sources: SubjectSources): Promise<Subject> {
  const place = await openSourcePlace(spec, {
    store: () => openStore(cacheDir(sources.env)),
    registry: (reference) => sources.registry().repository(reference, { access: access === "write" ? "push" : "pull" }),
  });
  const target = place.target as ArtifactTarget;
  const descriptor = await target.resolve(place.tag);
  if (!descriptor) {
    await place.close();
    throw usageError("IMAGE_UNKNOWN", `there is no image ${spec}`, undefined, target.name);
  }
  if (access === "write" && typeof target.put !== "function") {
    await place.close();
    throw usageError(
      "SUBJECT_READ_ONLY",
      "signatures cannot be kept beside an image in an archive or a daemon",
      "Copy the image to a registry or an OCI layout first.",
      spec,
    );
  }
  return { target, descriptor, spec: place.spec, name: subjectName(spec), close: () => place.close() };
}

function subjectName(spec: string): string {
  try {
    return repositoryName(parseReference(spec.replace(/^(?:docker:\/\/|store:)/, "")));
  } catch {
    return spec.replace(/^[a-z-]+:/, "");
  }
}
