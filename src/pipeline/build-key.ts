/** By what a build's record is found: everything besides the files that decides what comes out. */
import { createHash } from "node:crypto";
import type { SigningOptions } from "../attest/sign/bundle.ts";
import { canonicalJson } from "../base/canonical-json.ts";
import { programDigest } from "../base/program.ts";
import type { BuildOptions } from "./build-types.ts";
import type { ImageRun } from "./make-image.ts";
import { sourceFacts } from "./source-facts.ts";

/** The names apart; plain JSON without a secret. */
export function buildWish({ options, dir, env }: Pick<ImageRun, "options" | "dir" | "env">): Record<string, unknown> {
  const own = Object.entries(env).filter(([name]) => name.startsWith("KNBUILD_") || name === "SOURCE_DATE_EPOCH");
  const { overrides, configFile, push, outputs, locked, lint, engine, attest } = options;
  return {
    dir,
    overrides,
    configFile,
    push,
    outputs,
    locked,
    lint,
    engine,
    attest: attestKey(attest),
    env: own,
    // What a CI system says of the commit: names are made of it.
    source: sourceFacts(dir, env).variables,
    program: programDigest(),
  };
}

export function recordKey(wish: Record<string, unknown>, tags: readonly string[] | undefined): string {
  return createHash("sha256")
    .update(canonicalJson({ ...wish, tags }))
    .digest("hex");
}
/** Keys are named, never held: a record is a file. */
function attestKey(attest: BuildOptions["attest"]): unknown {
  const named = (signing: SigningOptions | false | undefined) =>
    signing && [signing.key ?? "keyless", signing.services];
  return (
    attest && [
      named(attest.sign),
      attest.sign === false,
      named(attest.signing),
      attest.form,
      attest.sbom,
      attest.provenance,
    ]
  );
}
