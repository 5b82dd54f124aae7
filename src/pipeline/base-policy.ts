/** `verify.base` of the configuration: who must have signed a base image that is built on. */
import { resolve } from "node:path";
import type { ArtifactTarget } from "../attest/artifact.ts";
import type { SignaturePolicyInput } from "../attest/verify/policy.ts";
import { isKnbuildError, KnbuildError } from "../base/errors.ts";
import type { ReferenceBase } from "../bases/reference-base.ts";
import { verifyAgainst } from "./sign.ts";

/**
 * The signature may be about the index that the reference names, or about the manifest for this platform. Bases that are
 * assembled from Debian packages are no images yet: their packages are checked against Debian's own keys.
 * @throws BASE_SIGNATURE_REFUSED; POLICY_INVALID, TRUSTED_ROOT_…
 */
export async function enforceBasePolicy(
  base: Pick<ReferenceBase, "ref" | "target" | "digest" | "manifest">,
  configured: SignaturePolicyInput,
  run: { dir: string; cwd: string; env: NodeJS.ProcessEnv },
): Promise<void> {
  const root = run.env["KNBUILD_TRUSTED_ROOT"];
  const policy = { ...(root && { trustedRoot: resolve(run.cwd, root) }), ...configured };
  // Keys and a trusted root of the configuration lie beside it.
  const context = { cwd: run.dir, env: run.env };
  const request = { policy, where: "verify.base" };
  const subjects = new Set([base.digest, base.manifest.digest]);
  const refusals: KnbuildError[] = [];
  for (const digest of subjects) {
    try {
      await verifyAgainst(base.target as ArtifactTarget, { ...base.manifest, digest }, request, context);
      return;
    } catch (error) {
      if (!isKnbuildError(error) || error.exitCode === 2 || error.code.startsWith("TRUSTED_ROOT_")) throw error;
      refusals.push(error);
    }
  }
  // Of two subjects the one that has signatures at all says more.
  const refusal = refusals.find(({ code }) => code !== "SIGNATURE_MISSING") ?? refusals[0]!;
  throw new KnbuildError({
    code: "BASE_SIGNATURE_REFUSED",
    message: `the base ${base.ref} does not meet the policy for base images: ${refusal.message}`,
    where: base.ref,
    detail: [refusal.code, refusal.detail].filter(Boolean).join("\n"),
    hint: "Take another base, or change verify.base in the configuration.",
    cause: refusal,
  });
}
