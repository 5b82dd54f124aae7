import { describe, expect, test } from "vitest";
import { type ProvenanceInput, provenance } from "../../src/attest/provenance/provenance.ts";

const input: ProvenanceInput = {
  tool: "0.1.0",
  builder: { id: "urn:knbuild:builder:local" },
  git: {
    commit: "ab".repeat(20),
    ref: "refs/heads/main",
    repository: "https://git.example/shop.git",
    prefix: "",
    dirty: true,
  },
  subdirectory: ".",
  parameters: { base: "debian13-node24" },
  decisions: { buildpack: "node" },
  base: { ref: "debian13-node24", digest: `sha256:${"cd".repeat(32)}` },
  lockFiles: [
    { name: "package-lock.json", sha256: "ef".repeat(32) },
    { name: "knbuild.lock", sha256: "01".repeat(32) },
  ],
  packages: [],
};

describe("provenance", () => {
  test("names source, base and lock files with digests; a changed tree is called dirty", () => {
    expect(provenance(input).buildDefinition.resolvedDependencies).toEqual([
      {
        uri: "git+https://git.example/shop.git@refs/heads/main",
        digest: { gitCommit: "ab".repeat(20) },
        annotations: { dirty: true },
      },
      { name: "base", uri: "debian13-node24", digest: { sha256: "cd".repeat(32) } },
      { name: "knbuild.lock", digest: { sha256: "01".repeat(32) } },
      { name: "package-lock.json", digest: { sha256: "ef".repeat(32) } },
    ]);
  });

  test("another run at another time has the same definition", () => {
    const run = (second: number, id: string) =>
      provenance({
        ...input,
        builder: { id, invocationId: `${id}/${second}` },
        startedOn: new Date(second * 1000),
        finishedOn: new Date((second + 9) * 1000),
      });
    const [one, two] = [run(1_700_000_000, "https://ci.example/a"), run(1_800_000_000, "https://ci.example/b")];
    expect(one.buildDefinition).toEqual(two.buildDefinition);
    expect(one.runDetails).not.toEqual(two.runDetails);
  });

  test.each([
    ["scratch", "", []],
    ["registry.example/base:v1", "", [{ name: "base", uri: "registry.example/base:v1" }]],
  ])("a base that nobody could look at has no digest: %s", (ref, digest, expected) => {
    const { resolvedDependencies } = provenance({ ...input, base: { ref, digest } }).buildDefinition;
    expect(resolvedDependencies.filter(({ name }) => name === "base")).toEqual(expected);
  });
});
