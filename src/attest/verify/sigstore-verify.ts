/** What is used of @sigstore/verify and @sigstore/tuf, by name: the module that is loaded when something is really verified. */
export { getTrustedRoot } from "@sigstore/tuf";
export { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";
