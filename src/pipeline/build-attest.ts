/** `sign`, `sbom` and `provenance` of a build: put beside the image wherever it went, without touching its manifest. */
import { usageError } from "../base/errors.ts";
import { step } from "../base/events.ts";
import { repositoryName } from "../oci/reference.ts";
import type { Target } from "../oci/target.ts";
import type { OutputContext, OutputRequest } from "../outputs/types.ts";
import { openLayout } from "../store/layout.ts";
import type { AttestOptions, AttestReport } from "./attest.ts";
import type { MadeImage } from "./make-image.ts";

/** Outputs that can hold something beside an image. */
const HOLDS_ARTIFACTS = new Set(["registry", "layout", "store"]);

export interface BuildAttestRequest {
  attest: Omit<AttestOptions, "env"> | undefined;
  dir: string;
  env: NodeJS.ProcessEnv;
  startedOn: Date;
  /** What the user asked for, for the provenance. */
  parameters: Record<string, unknown>;
}

/** Before any work. @throws ATTEST_NEEDS_PLACE */
export function checkAttestPlaces(
  attest: Omit<AttestOptions, "env"> | undefined,
  requests: readonly OutputRequest[],
): void {
  if (!attest || requests.some(({ type }) => HOLDS_ARTIFACTS.has(type))) return;
  throw usageError(
    "ATTEST_NEEDS_PLACE",
    "an archive or a daemon holds no signatures and attestations",
    "Push to a registry, or write a layout.",
  );
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
  const reports: (AttestReport & { at: string })[] = [];
  for (const { at, name, target } of places(requests, context)) {
    const info = {
      name,
      dir: request.dir,
      parameters: request.parameters,
      decisions: { buildpack: plan.buildpack, entrypoint: result.entrypoint, names: names.map(repositoryName) },
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
