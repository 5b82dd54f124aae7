/** SLSA provenance v1 (slsa.dev/spec/v1.0/provenance): what went into an image, and who made it. */
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import type { SbomPackage } from "../sbom/types.ts";
import type { BuilderIdentity } from "./builder.ts";
import type { GitState } from "./git.ts";

/** What the parameters mean: docs/trust.md describes them. */
export const BUILD_TYPE = "urn:knbuild:build-type:source:v1";

export interface ResourceDescriptor {
  name?: string;
  uri?: string;
  digest?: Record<string, string>;
  annotations?: Record<string, unknown>;
}

export interface ProvenancePredicate {
  /** Equal source, configuration and tool give an equal definition: no times, no machine. */
  buildDefinition: {
    buildType: string;
    externalParameters: Record<string, unknown>;
    internalParameters: Record<string, unknown>;
    resolvedDependencies: ResourceDescriptor[];
  };
  /** All that is of this one run. */
  runDetails: {
    builder: { id: string; version: Record<string, string> };
    metadata: { invocationId?: string; startedOn?: string; finishedOn?: string };
  };
}

export interface ProvenanceInput {
  tool: string;
  builder: BuilderIdentity;
  git?: GitState;
  /** Directory inside the repository; `.` at its top. */
  subdirectory: string;
  /** What the user chose: configuration and flags, without secrets. */
  parameters: Record<string, unknown>;
  /** What knbuild chose by itself: buildpack, engine, entrypoint. */
  decisions: Record<string, unknown>;
  /** `digest` is empty where the image begins with nothing, or nobody could look at what it begins with. */
  base: { ref: string; digest: string };
  /** Files that pinned something: lock files. */
  lockFiles: { name: string; sha256: string }[];
  /** What is inside, from the bill of materials. */
  packages: readonly SbomPackage[];
  startedOn?: Date;
  finishedOn?: Date;
}

export function provenance(input: ProvenanceInput): ProvenancePredicate {
  const { git } = input;
  const source: ResourceDescriptor[] = git
    ? [
        {
          uri: `git+${git.repository ?? "repository"}${git.ref ? `@${git.ref}` : ""}`,
          digest: { gitCommit: git.commit },
          ...(git.dirty && { annotations: { dirty: true } }),
        },
      ]
    : [];
  return {
    buildDefinition: {
      buildType: BUILD_TYPE,
      externalParameters: {
        source: {
          ...(git?.repository && { repository: git.repository }),
          ...(git?.ref && { ref: git.ref }),
          directory: input.subdirectory,
        },
        ...input.parameters,
      },
      internalParameters: input.decisions,
      resolvedDependencies: [
        ...source,
        ...baseDependency(input.base),
        ...[...input.lockFiles]
          .sort((a, b) => (a.name < b.name ? -1 : 1))
          .map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
        ...input.packages
          .filter((entry) => entry.purl !== undefined)
          .map((entry) => ({ uri: entry.purl!, ...digestsOf(entry) }))
          .sort((a, b) => (a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : 0)),
      ],
    },
    runDetails: {
      builder: { id: input.builder.id, version: { knbuild: input.tool } },
      metadata: {
        ...(input.builder.invocationId && { invocationId: input.builder.invocationId }),
        ...(input.startedOn && { startedOn: input.startedOn.toISOString() }),
        ...(input.finishedOn && { finishedOn: input.finishedOn.toISOString() }),
      },
    },
  };
}

function baseDependency({ ref, digest }: ProvenanceInput["base"]): ResourceDescriptor[] {
  if (ref === "" || ref === "scratch") return [];
  const colon = digest.indexOf(":");
  const digests = colon > 0 && { digest: { [digest.slice(0, colon)]: digest.slice(colon + 1) } };
  return [{ name: "base", uri: ref, ...digests }];
}

function digestsOf(entry: SbomPackage): { digest?: Record<string, string> } {
  if (entry.hashes.length === 0) return {};
  return {
    digest: Object.fromEntries(
      entry.hashes.map(({ algorithm, hex }) => [algorithm.replace("-", "").toLowerCase(), hex]),
    ),
  };
}

const LOCK_FILES = [
  "knbuild.lock",
  "package-lock.json",
  "npm-shrinkwrap.json",
  "pnpm-lock.yaml",
  "yarn.lock",
  "bun.lock",
  "bun.lockb",
];

/** The lock files of a directory (and of the workspace above it), with their hashes. */
export async function hashLockFiles(dirs: readonly string[]): Promise<{ name: string; sha256: string }[]> {
  const found = new Map<string, string>();
  for (const dir of dirs) {
    for (const name of LOCK_FILES) {
      const path = join(dir, name);
      if (found.has(name) || !existsSync(path)) continue;
      const hash = createHash("sha256");
      for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
      found.set(name, hash.digest("hex"));
    }
  }
  return [...found].map(([name, sha256]) => ({ name, sha256 }));
}
