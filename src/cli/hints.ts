/** "Try this" by error code: library messages name no flags, so what to type stands here. */
import type { KnbuildError } from "../base/errors.ts";

const HINTS: Record<string, string> = {
  LOCKFILE_OUT_OF_SYNC: "Or build with --no-frozen.",
  WORKSPACE_AMBIGUOUS: "For once: --workspace NAME.",
  ENTRYPOINT_NOT_FOUND: "For once: knbuild . --entrypoint FILE.",
  NODE_VERSION_END_OF_LIFE: "For once: --base debian13-node24, whatever the project says (knbuild base list).",
  BASE_PACKAGE_GONE: "knbuild base update takes what the archive has today.",
  BASE_NO_MIRROR: "Name one: mirror: { debian: URL } in knbuild.yaml, or take an image: --base REFERENCE.",
  BASE_PACKAGE_MISSING: "Check the name in base.packages; knbuild base show lists what a base has.",
  LOCK_OUTDATED: "Run knbuild base update and commit knbuild.lock, or leave out --locked.",
  NOTHING_DETECTED:
    "knbuild detect shows what was looked at. Name a buildpack with --buildpack ID, or add a Dockerfile.",
  BUILDPACK_CANNOT_BUILD: "knbuild init writes one that keeps the contract, with .dockerignore and service.yaml.",
  DETECTION_TIE: "Choose one with --buildpack ID, or buildpack: in knbuild.yaml.",
  REGISTRY_UNAUTHORIZED: "knbuild login REGISTRY does.",
  TLS_UNTRUSTED: "--ca FILE names the authority, --insecure HOST does without one.",
  TLS_NOT_SPOKEN: "--plain-http HOST does without TLS.",
  IMAGE_UNKNOWN: "knbuild images lists the store, knbuild tags REPOSITORY what a registry has.",
  CONTRACT_BROKEN: "knbuild explain RULE says why and how to mend it; --no-lint builds all the same.",
};

/** System errors that no room has explained. */
const SYSTEM_HINTS: Record<string, string> = {
  EACCES: "Check the permissions of this path and of the directories above it.",
  EPERM: "Check who owns this path, and whether it may be changed.",
  EROFS: "The file system is mounted read-only; KNBUILD_CACHE_DIR names another place for the cache.",
  EMFILE: "Too many files are open at once: raise the limit (ulimit -n) and try again.",
  ENOENT: "Check the path. Did something remove it meanwhile?",
};

/** What the library says first, then what to type. */
export function hintFor(error: KnbuildError): string | undefined {
  const typed = HINTS[error.code] ?? (error.hint === undefined ? SYSTEM_HINTS[error.code] : undefined);
  return [error.hint, typed].filter(Boolean).join(" ") || undefined;
}
