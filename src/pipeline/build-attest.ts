/** `sign`, `sbom` and `provenance` of a build: put beside the image wherever it went, without touching its manifest. */
import { resolve } from "node:path";
import type { SbomFormat } from "../attest/sbom/types.ts";
import type { SignatureForm } from "../attest/sign/attach-signature.ts";
import type { SigningOptions } from "../attest/sign/bundle.ts";
import { usageError } from "../base/errors.ts";
import { step } from "../base/events.ts";
import type { Config } from "../config/schema.ts";
import { repositoryName } from "../oci/reference.ts";
import type { Target } from "../oci/target.ts";
import type { OutputContext, OutputRequest } from "../outputs/types.ts";
import { openLayout } from "../store/layout.ts";
import type { AttestOptions, AttestReport } from "./attest.ts";
import type { MadeImage } from "./make-image.ts";

/** Outputs that can hold something beside an image. */
const HOLDS_ARTIFACTS = new Set(["registry", "layout", "store"]);

export interface BuildAttestRequest {
  attest: AttestWish | undefined;
  dir: string;
  env: NodeJS.ProcessEnv;
  startedOn: Date;
  /** What the user asked for, for the provenance. */
  parameters: Record<string, unknown>;
}

/** What a build was asked for on the command line or by a program; what it leaves open, the configuration says. */
export interface BuildAttestOptions {
  /** `false`: not, whatever the configuration says. */
  sign?: SigningOptions | false;
  /** Key and services for when only the configuration asks for a signature; where they are silent, it names them. */
  signing?: SigningOptions;
  form?: SignatureForm;
  /** An empty list: none, whatever the configuration says. */
  sbom?: readonly SbomFormat[];
  provenance?: boolean;
}

/**
 * Flags first, then the configuration. What only the configuration asks for is done where an image is published: a build for
 * the local store or for a daemon needs no identity.
 * @returns undefined when nothing is wanted
 */
export function attestWish(
  asked: BuildAttestOptions,
  config: Pick<Config, "sign" | "sbom" | "provenance">,
  requests: readonly OutputRequest[],
  place: { dir: string; cwd: string; env: NodeJS.ProcessEnv; signal: AbortSignal },
): AttestWish | undefined {
  const published = requests.some(({ type }) => type === "registry" || type === "layout");
  const own: typeof config = published ? config : { provenance: false };
  const ownSign = typeof own.sign === "object" ? own.sign : undefined;
  const signing =
    asked.sign === false
      ? undefined
      : (asked.sign ??
        (own.sign ? (asked.signing ?? { cwd: place.cwd, env: place.env, signal: place.signal }) : undefined));
  const sbom = asked.sbom ?? formats(own.sbom);
  const wish: AttestWish = {
    ...(signing && {
      sign: completed(signing, ownSign, place.dir),
      form: asked.form ?? ownSign?.form ?? "bundle",
    }),
    ...(sbom.length > 0 && { sbom }),
    ...((asked.provenance ?? own.provenance) && { provenance: true }),
  };
  return Object.keys(wish).length > 0 ? wish : undefined;
}

export type AttestWish = Omit<AttestOptions, "env">;

function formats(sbom: Config["sbom"]): readonly SbomFormat[] {
  if (sbom === undefined || sbom === false) return [];
  return sbom === true ? ["cyclonedx"] : typeof sbom === "string" ? [sbom] : sbom;
}

/** A key of the configuration lies beside it. */
function completed(
  signing: SigningOptions,
  own: Exclude<Config["sign"], boolean | undefined> | undefined,
  dir: string,
) {
  if (!own) return signing;
  const { services = {} } = signing;
  const rekorUrl = services.rekorUrl ?? (own.log ? own.rekorUrl : false);
  const fulcioUrl = services.fulcioUrl ?? own.fulcioUrl;
  const tsaUrl = services.tsaUrl ?? own.tsaUrl;
  return {
    ...signing,
    ...(signing.key === undefined && own.key !== undefined && { key: own.key, cwd: dir }),
    services: {
      ...services,
      ...(fulcioUrl && { fulcioUrl }),
      ...(rekorUrl !== undefined && { rekorUrl }),
      ...(tsaUrl && { tsaUrl }),
    },
  };
}

/** Before any work. @throws ATTEST_NEEDS_PLACE */
export function checkAttestPlaces(attest: AttestWish | undefined, requests: readonly OutputRequest[]): void {
  if (!attest || requests.some(({ type }) => HOLDS_ARTIFACTS.has(type))) return;
  throw usageError(
    "ATTEST_NEEDS_PLACE",
    "an archive or a daemon holds no signatures and attestations",
    "Push to a registry, or write a layout.",
  );
}

/** Before any work, too: what cannot be signed is not published first. @throws what opening the key or the identity throws */
export async function checkSigner(attest: AttestWish | undefined): Promise<void> {
  if (!attest?.sign) return;
  const { createImageSigner } = await import("../attest/sign/bundle.ts");
  await (await createImageSigner(attest.sign)).check();
}

/** @throws what signing and the targets throw */
export async function attestOutputs(
  request: BuildAttestRequest,
  made: MadeImage,
  requests: readonly OutputRequest[],
  context: OutputContext,
): Promise<(AttestReport & { at: string })[]> {
  const { attest, env } = request;
  if (!attest) return [];
  const { attestBuild } = await import("./attest.ts");
  const { result, plan, names } = made;
  const root = plan.steps.find((one) => one.type === "install")?.workspaceRoot;
  const repositories = [...new Set(names.map(repositoryName))];
  const reports: (AttestReport & { at: string })[] = [];
  for (const { at, name, target } of places(requests, context)) {
    const info = {
      name,
      dir: request.dir,
      ...(root && { workspaceRoot: resolve(request.dir, plan.member ?? "", root) }),
      parameters: request.parameters,
      decisions: { buildpack: plan.buildpack, entrypoint: result.entrypoint, names: repositories },
      base: { ref: plan.base.ref, digest: result.baseDigest },
      startedOn: request.startedOn,
      finishedOn: new Date(),
    };
    reports.push({
      at,
      ...(await step(context.emit, `attest-${at}`, `attest at ${at}`, () =>
        attestBuild(result.image, target, info, { ...attest, env }),
      )),
    });
  }
  return reports;
}

function* places(
  requests: readonly OutputRequest[],
  context: OutputContext,
): Generator<{ at: string; name: string; target: Target }> {
  const first = repositoryName(context.names[0]!);
  for (const { type, dest } of requests) {
    if (type === "store") yield { at: "store:", name: first, target: context.store };
    if (type === "layout" && dest !== undefined) yield { at: `oci:${dest}`, name: first, target: openLayout(dest) };
    if (type !== "registry") continue;
    const seen = new Set<string>();
    for (const reference of context.names) {
      const name = repositoryName(reference);
      if (seen.has(name)) continue;
      seen.add(name);
      yield { at: `docker://${name}`, name, target: context.registry(reference) };
    }
  }
}
