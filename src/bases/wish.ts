/** What is asked of a base, apart from what it is made of today. */
import { canonicalJson } from "../base/canonical-json.ts";
import { sha256 } from "../base/digest.ts";
import type { BaseDefinition } from "./definition.ts";

/** What a project asks of a base. */
export interface BaseWish {
  /** As the user wrote it; names the entry in the lock file. */
  ref: string;
  definition: BaseDefinition;
  /** Debian packages besides the base's own. */
  packages: readonly string[];
  /** Version or range of the runtime within its major. */
  nodeVersion?: string | undefined;
}

/** Names what was asked for: a lock with another digest is out of date. */
export function wishDigest({ definition, packages, nodeVersion }: BaseWish): string {
  const { suite, layers, exclude, runtime } = definition;
  return sha256(
    canonicalJson({
      suite,
      layers,
      exclude,
      runtime: runtime ? [runtime.package, runtime.major, nodeVersion ?? null] : null,
      packages: [...new Set(packages)].sort(),
    }),
  );
}
