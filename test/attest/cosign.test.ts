/** Both ways against cosign itself, at a real registry: what we write it verifies offline, what it writes we verify. */
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ArtifactTarget } from "../../src/attest/artifact.ts";
import { attachStatement, signatureStatement } from "../../src/attest/sign/attach.ts";
import { createImageSigner, type ImageSigner } from "../../src/attest/sign/bundle.ts";
import { sealCosignKey } from "../../src/attest/sign/cosign-key.ts";
import { attachSimpleSignature } from "../../src/attest/sign/simple-signing.ts";
import { PREDICATE_NAMES, statementOf } from "../../src/attest/statement.ts";
import { verifyImage } from "../../src/attest/verify/image.ts";
import { resolvePolicy, type SignaturePolicyInput } from "../../src/attest/verify/policy.ts";
import { parseTrustedRoot } from "../../src/attest/verify/trusted-root.ts";
import { blobOf } from "../../src/oci/blob.ts";
import { type Descriptor, MediaType } from "../../src/oci/descriptor.ts";
import { createRegistryClient, type RegistryClient } from "../../src/registry/client.ts";
import { cosignProgram, runCosign } from "../support/cosign.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { GO_BUILD_TIMEOUT_MS } from "../support/go-program.ts";
import { requireComponent } from "../support/machine.ts";
import { identityToken, startSigstore, type TestSigstore } from "../support/sigstore.ts";

const ISSUER = "https://issuer.example";
const SUBJECT = "https://ci.example/app/release.yml@refs/heads/main";
const PASSWORD = "correct horse";
const possible = requireComponent("docker-registry");

describe.skipIf(!possible)("cosign", () => {
  let program: string | undefined;
  let home: string;
  let registry: DockerRegistry;
  let sigstore: TestSigstore;
  let client: RegistryClient;
  let count = 0;

  beforeAll(async () => {
    program = cosignProgram();
    home = mkdtempSync(join(tmpdir(), "knbuild-cosign-"));
    registry = await startDockerRegistry();
    sigstore = await startSigstore();
    client = createRegistryClient({ cacheDir: null });
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    writeFileSync(join(home, "our.key"), await sealCosignKey(privateKey, PASSWORD));
    writeFileSync(join(home, "our.pub"), publicKey.export({ type: "spki", format: "pem" }));
    writeFileSync(join(home, "trusted_root.json"), sigstore.trustedRoot);
  }, GO_BUILD_TIMEOUT_MS);
  afterAll(async () => {
    client?.close();
    await sigstore?.close();
    await registry?.close();
    if (home) rmSync(home, { recursive: true, force: true });
  });

  /** A small image in a repository of its own. */
  async function pushed(): Promise<{ target: ArtifactTarget; image: Descriptor; reference: string; name: string }> {
    const name = `${registry.host}/app${++count}`;
    const target: ArtifactTarget = client.repository(`${name}:v1`, { access: "push" });
    const config = blobOf(
      JSON.stringify({ architecture: "amd64", os: "linux", config: {}, rootfs: { type: "layers", diff_ids: [] } }),
      MediaType.ociConfig,
    );
    const manifest = blobOf(
      JSON.stringify({ schemaVersion: 2, mediaType: MediaType.ociManifest, config: config.descriptor, layers: [] }),
      MediaType.ociManifest,
    );
    await target.put(config);
    await target.put(manifest);
    await target.tag(manifest.descriptor, "v1");
    return { target, image: manifest.descriptor, name, reference: `${name}@${manifest.descriptor.digest}` };
  }
  const cosign = (...args: string[]) => runCosign(program!, home, args, { COSIGN_PASSWORD: PASSWORD });
  const withKey = (): Promise<ImageSigner> =>
    createImageSigner({ cwd: home, env: { COSIGN_PASSWORD: PASSWORD }, key: "our.key" });
  const verify = async (
    target: ArtifactTarget,
    image: Descriptor,
    policy: SignaturePolicyInput,
    predicateType?: string,
  ) =>
    verifyImage(target, image, {
      policy: await resolvePolicy(policy, { cwd: home, env: {} }),
      trust: { trustedRoot: async () => parseTrustedRoot(sigstore.trustedRoot) },
      ...(predicateType && { predicateType }),
    });

  const OFFLINE = ["--trusted-root", "trusted_root.json", "--insecure-ignore-tlog=true"];

  test("verifies our signature with a key, and not with another one", async ({ skip }) => {
    if (!program) skip();
    const { target, image, reference } = await pushed();
    await attachStatement(target, image, signatureStatement(image.digest), await withKey());
    const result = cosign("verify", "--key", "our.pub", ...OFFLINE, reference);
    expect(result.output).toContain("https://sigstore.dev/cosign/sign/v1");
    expect(result.ok).toBe(true);
    expect(cosign("generate-key-pair", "--output-key-prefix", "stranger").ok).toBe(true);
    expect(cosign("verify", "--key", "stranger.pub", ...OFFLINE, reference).ok).toBe(false);
    // The tag still names the one manifest.
    expect(await target.resolve("v1")).toMatchObject({ digest: image.digest, mediaType: image.mediaType });
  });

  test("verifies our attestations, of its types and with our predicate", async ({ skip }) => {
    if (!program) skip();
    const { target, image, reference } = await pushed();
    const signer = await withKey();
    for (const [type, predicate] of Object.entries({
      cyclonedx: { bomFormat: "CycloneDX" },
      slsaprovenance1: { buildDefinition: {} },
      slsaprovenance: { buildType: "t" },
      link: { name: "n" },
      custom: { answer: 42 },
    })) {
      await attachStatement(target, image, statementOf(image.digest, PREDICATE_NAMES[type]!, predicate), signer);
      const result = cosign("verify-attestation", "--type", type, "--key", "our.pub", ...OFFLINE, reference);
      expect(result, result.output).toMatchObject({ ok: true });
    }
    expect(cosign("verify-attestation", "--type", "vuln", "--key", "our.pub", ...OFFLINE, reference).ok).toBe(false);
  });

  test("verifies our keyless signature with our trusted root, and no other identity", async ({ skip }) => {
    if (!program) skip();
    const { target, image, reference } = await pushed();
    const signer = await createImageSigner({
      cwd: home,
      env: { SIGSTORE_ID_TOKEN: identityToken({ sub: SUBJECT, iss: ISSUER }) },
      services: sigstore.services,
    });
    await attachStatement(target, image, signatureStatement(image.digest), signer);
    const identity = (subject: string) => ["--certificate-identity", subject, "--certificate-oidc-issuer", ISSUER];
    const trusted = ["--trusted-root", "trusted_root.json"];
    const result = cosign("verify", ...identity(SUBJECT), ...trusted, reference);
    expect(result, result.output).toMatchObject({ ok: true });
    expect(cosign("verify", ...identity("https://ci.example/other"), ...trusted, reference).ok).toBe(false);
  });

  test("verifies the older form", async ({ skip }) => {
    if (!program) skip();
    const { target, image, reference, name } = await pushed();
    await attachSimpleSignature(target, image.digest, name, await withKey());
    const result = cosign(
      "verify",
      "--new-bundle-format=false",
      "--key",
      "our.pub",
      "--insecure-ignore-tlog=true",
      reference,
    );
    expect(result, result.output).toMatchObject({ ok: true });
  });

  test("its own key file, signature and attestation are good to us; a changed image is not", async ({ skip }) => {
    if (!program) skip();
    const { target, image, reference } = await pushed();
    expect(cosign("generate-key-pair", "--output-key-prefix", "their").ok).toBe(true);
    const unlogged = ["--signing-config", "signing_config.json"];
    writeFileSync(
      join(home, "signing_config.json"),
      JSON.stringify({ mediaType: "application/vnd.dev.sigstore.signingconfig.v0.2+json" }),
    );
    const signed = cosign("sign", "--yes", "--key", "their.key", ...unlogged, reference);
    expect(signed, signed.output).toMatchObject({ ok: true });
    writeFileSync(join(home, "predicate.json"), JSON.stringify({ answer: 42 }));
    const type = "https://example.com/answer/v1";
    const attested = cosign(
      "attest",
      "--yes",
      "--key",
      "their.key",
      ...unlogged,
      "--type",
      type,
      "--predicate",
      "predicate.json",
      reference,
    );
    expect(attested, attested.output).toMatchObject({ ok: true });

    expect(await verify(target, image, { keys: ["their.pub"] })).toMatchObject({ verified: [{ form: "bundle" }] });
    expect(await verify(target, image, { keys: ["their.pub"] }, type)).toMatchObject({
      verified: [{ statement: { predicate: { answer: 42 } } }],
    });
    await expect(verify(target, image, { keys: ["our.pub"] })).rejects.toMatchObject({
      code: "SIGNATURE_KEY_MISMATCH",
    });

    // We sign with their key too.
    const again = await pushed();
    const signer = await createImageSigner({ cwd: home, env: { COSIGN_PASSWORD: PASSWORD }, key: "their.key" });
    await attachStatement(again.target, again.image, signatureStatement(again.image.digest), signer);
    expect(cosign("verify", "--key", "their.pub", ...OFFLINE, again.reference).ok).toBe(true);

    await expect(verify((await pushed()).target, image, { keys: ["their.pub"] })).rejects.toMatchObject({
      code: "SIGNATURE_MISSING",
    });
  });

  test("its signature in the older form is good to us", async ({ skip }) => {
    if (!program) skip();
    const { target, image, reference } = await pushed();
    const signed = cosign(
      "sign",
      "--yes",
      "--key",
      "our.key",
      "--new-bundle-format=false",
      "--use-signing-config=false",
      "--tlog-upload=false",
      reference,
    );
    expect(signed, signed.output).toMatchObject({ ok: true });
    expect(await verify(target, image, { keys: ["our.pub"] })).toMatchObject({ verified: [{ form: "simple" }] });
  });
});
