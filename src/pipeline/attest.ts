/** Statements about an image: attached by hand, attached by a build, listed. */

import { relative, sep } from "node:path";
import { type ArtifactTarget, attachArtifact, listArtifacts, readArtifact, readManifest } from "../attest/artifact.ts";
import { detectBuilder } from "../attest/provenance/builder.ts";
import { readGit } from "../attest/provenance/git.ts";
import { hashLockFiles, type ProvenancePredicate, provenance } from "../attest/provenance/provenance.ts";
import { SBOM_MEDIA_TYPES, type SbomFormat, type SbomInput } from "../attest/sbom/types.ts";
import { attachStatement, BundleAnnotation } from "../attest/sign/attach.ts";
import { attachSignature, type SignatureForm } from "../attest/sign/attach-signature.ts";
import { BUNDLE_MEDIA_TYPE, createImageSigner, type SigningOptions } from "../attest/sign/bundle.ts";
import { readSimpleSignatures } from "../attest/sign/simple-signing.ts";
import {
  IN_TOTO_PAYLOAD,
  PREDICATE_NAMES,
  PredicateType,
  type Statement,
  statementBytes,
  statementOf,
} from "../attest/statement.ts";
import type { Digest } from "../base/digest.ts";
import { usageError } from "../base/errors.ts";
import { knbuildVersion } from "../base/version.ts";
import { type Descriptor, isIndexType } from "../oci/descriptor.ts";
import type { Image } from "../oci/image.ts";
import { formatPlatform } from "../oci/platform.ts";
import { readDocument } from "../oci/read-manifest.ts";
import { describeImage, formatSbom } from "./sbom.ts";
import { openSubject, type SubjectSources } from "./subject.ts";

/** What `--sign`, `--sbom` and `--provenance` of a build ask for. */
export interface AttestOptions {
  /** Sign the image, and with the same key or identity the statements below. */
  sign?: SigningOptions;
  /** How the signature of the image is kept: as an OCI referrer (default), as the older `sha256-….sig` tag, or both. */
  form?: SignatureForm;
  sbom?: readonly SbomFormat[];
  provenance?: boolean;
  env: NodeJS.ProcessEnv;
}

/** What the build knows and the image does not say. */
export interface BuildInfo {
  /** `registry/repository`, no tag. */
  name: string;
  /** Absolute source directory. */
  dir: string;
  /** Absolute workspace root, where it is another one. */
  workspaceRoot?: string;
  /** Configuration and flags that the user set; no secrets. */
  parameters: Record<string, unknown>;
  /** What knbuild chose: buildpack, engine, entrypoint. */
  decisions: Record<string, unknown>;
  base: { ref: string; digest: Digest };
  startedOn?: Date;
  finishedOn?: Date;
}

export interface AttestReport {
  /** Digests of the artifacts beside the image. */
  signature?: Digest;
  /** The image under `sha256-….sig`, where the older form was asked for. */
  signatureImage?: Digest;
  sbom: { format: SbomFormat; artifact: Digest }[];
  provenance?: Digest;
}

/**
 * Puts bills of materials, provenance and a signature beside an image that is at the target already. The image's manifest
 * stays as it is. Signed, they are Sigstore bundles; unsigned, plain artifacts of the document's own media type.
 */
export async function attestBuild(
  image: Image,
  target: ArtifactTarget,
  info: BuildInfo,
  options: AttestOptions,
): Promise<AttestReport> {
  const subject = image.descriptor;
  const signer = options.sign && (await createImageSigner(options.sign));
  const report: AttestReport = { sbom: [] };
  const wantsContent = (options.sbom?.length ?? 0) > 0 || options.provenance === true;
  const inside = wantsContent ? await describeImage(image, info.name, options.env) : undefined;
  const attach = async (statement: Statement, plain: { type: string; content: string | Uint8Array }) => {
    const artifact = signer
      ? await attachStatement(target, subject, statement, signer)
      : await attachArtifact(target, subject, { artifactType: plain.type, content: plain.content });
    return artifact.digest;
  };
  for (const format of options.sbom ?? []) {
    const text = formatSbom(inside!, format);
    const statement = statementOf(subject.digest, PredicateType[format], JSON.parse(text), { name: info.name });
    report.sbom.push({ format, artifact: await attach(statement, { type: SBOM_MEDIA_TYPES[format], content: text }) });
  }
  if (options.provenance) {
    const predicate = await buildProvenance(info, inside!, options.env);
    const statement = statementOf(subject.digest, PredicateType.provenance, predicate, { name: info.name });
    report.provenance = await attach(statement, { type: IN_TOTO_PAYLOAD, content: statementBytes(statement) });
  }
  if (signer) Object.assign(report, await attachSignature(target, subject, info.name, signer, options.form));
  return report;
}

export async function buildProvenance(
  info: BuildInfo,
  inside: SbomInput,
  env: NodeJS.ProcessEnv,
): Promise<ProvenancePredicate> {
  const root = info.workspaceRoot ?? info.dir;
  const git = await readGit(root, env);
  const inRoot = relative(root, info.dir).split(sep).join("/");
  return provenance({
    tool: knbuildVersion(),
    builder: detectBuilder(env),
    ...(git && { git }),
    subdirectory: [git?.prefix, inRoot].filter(Boolean).join("/") || ".",
    parameters: info.parameters,
    decisions: info.decisions,
    base: info.base,
    lockFiles: await hashLockFiles([info.dir, root]),
    packages: inside.packages,
    ...(info.startedOn && { startedOn: info.startedOn }),
    ...(info.finishedOn && { finishedOn: info.finishedOn }),
  });
}

/** A full predicate type of a short name or a URI. @throws PREDICATE_TYPE_INVALID */
export function predicateType(text: string): string {
  const named = PREDICATE_NAMES[text];
  if (named) return named;
  if (/^[a-z][a-z0-9+.-]*:\S+$/i.test(text)) return text;
  throw usageError(
    "PREDICATE_TYPE_INVALID",
    `not a predicate type: ${JSON.stringify(text)}`,
    `Write a URI, or one of ${Object.keys(PREDICATE_NAMES).join(", ")}.`,
  );
}

/** Signs a predicate of the user's own and puts it beside the image. */
export async function attestImage(
  spec: string,
  request: { type: string; predicate: unknown; signing: SigningOptions },
  sources: SubjectSources,
): Promise<{ image: string; digest: Digest; predicateType: string; artifact: Digest }> {
  const type = predicateType(request.type);
  const subject = await openSubject(spec, "write", sources);
  try {
    const signer = await createImageSigner(request.signing);
    const statement = statementOf(subject.descriptor.digest, type, request.predicate, { name: subject.name });
    const artifact = await attachStatement(subject.target, subject.descriptor, statement, signer);
    return { image: subject.spec, digest: subject.descriptor.digest, predicateType: type, artifact: artifact.digest };
  } finally {
    await subject.close();
  }
}

/** Something that lies beside an image. Nothing of it is checked: that is what verifying is for. */
export interface ListedArtifact {
  digest: Digest;
  kind: "signature" | "attestation" | "sbom" | "provenance" | "other";
  artifactType: string;
  /** As its annotation or its content claims. */
  predicateType?: string;
  created?: string;
  size: number;
}

export interface ArtifactTree {
  image: string;
  digest: Digest;
  mediaType: string;
  platform?: string;
  artifacts: ListedArtifact[];
  /** Images of an index. */
  children: ArtifactTree[];
}

export async function artifactTree(spec: string, sources: SubjectSources): Promise<ArtifactTree> {
  const subject = await openSubject(spec, "read", sources);
  try {
    return await treeOf(subject.target, subject.descriptor, subject.spec);
  } finally {
    await subject.close();
  }
}

async function treeOf(target: ArtifactTarget, descriptor: Descriptor, image: string): Promise<ArtifactTree> {
  const artifacts: ListedArtifact[] = [];
  for (const entry of await listArtifacts(target, descriptor.digest)) artifacts.push(await describe(target, entry));
  for (const layer of await readSimpleSignatures(target, descriptor.digest)) {
    artifacts.push({ digest: layer.digest, kind: "signature", artifactType: layer.mediaType, size: layer.size });
  }
  const children: ArtifactTree[] = [];
  if (isIndexType(descriptor.mediaType)) {
    const document = await readDocument(target, descriptor);
    const manifests = document.kind === "index" ? document.index.manifests : [];
    for (const child of manifests) children.push(await treeOf(target, child, image));
  }
  const { digest, mediaType, platform } = descriptor;
  return { image, digest, mediaType, ...(platform && { platform: formatPlatform(platform) }), artifacts, children };
}

const KINDS: Readonly<Record<string, ListedArtifact["kind"]>> = {
  [PredicateType.signature]: "signature",
  [PredicateType.provenance]: "provenance",
  [PredicateType.cyclonedx]: "sbom",
  [PredicateType.spdx]: "sbom",
  [SBOM_MEDIA_TYPES.cyclonedx]: "sbom",
  [SBOM_MEDIA_TYPES.spdx]: "sbom",
};

async function describe(target: ArtifactTarget, entry: Descriptor): Promise<ListedArtifact> {
  // Some registries list referrers without their annotations: then the manifest says it.
  const annotations = entry.annotations ?? (await readManifest(target, entry)).annotations ?? {};
  const artifactType = entry.artifactType ?? "";
  let type = annotations[BundleAnnotation.predicateType];
  if (artifactType === IN_TOTO_PAYLOAD) {
    const { content } = await readArtifact(target, entry);
    type ??= (JSON.parse(Buffer.from(content).toString("utf8")) as Statement).predicateType;
  }
  const created = annotations[BundleAnnotation.created];
  const fallback = artifactType === BUNDLE_MEDIA_TYPE ? "attestation" : "other";
  return {
    digest: entry.digest,
    kind: KINDS[type ?? artifactType] ?? fallback,
    artifactType,
    ...(type && { predicateType: type }),
    ...(created && { created }),
    size: entry.size,
  };
}
