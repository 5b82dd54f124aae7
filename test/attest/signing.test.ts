import { execFileSync } from "node:child_process";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attachArtifact } from "../../src/attest/artifact.ts";
import { attachStatement, signatureStatement } from "../../src/attest/sign/attach.ts";
import {
  BUNDLE_MEDIA_TYPE,
  createImageSigner,
  type SigningOptions,
  serializeBundle,
} from "../../src/attest/sign/bundle.ts";
import { sealCosignKey } from "../../src/attest/sign/cosign-key.ts";
import { openSigningKey } from "../../src/attest/sign/key.ts";
import { publicKeyPem } from "../../src/attest/sign/key-material.ts";
import { attachSimpleSignature } from "../../src/attest/sign/simple-signing.ts";
import { statementOf } from "../../src/attest/statement.ts";
import { type ImageVerification, verifyImage } from "../../src/attest/verify/image.ts";
import { resolvePolicy, type SignaturePolicyInput } from "../../src/attest/verify/policy.ts";
import { parseTrustedRoot } from "../../src/attest/verify/trusted-root.ts";
import { isKnbuildError } from "../../src/base/errors.ts";
import { blobOf } from "../../src/oci/blob.ts";
import { type Descriptor, MediaType } from "../../src/oci/descriptor.ts";
import { referrersTag } from "../../src/oci/referrers.ts";
import { createMemoryTarget, type MemoryTarget } from "../support/memory-target.ts";
import { identityToken, startSigstore, type TestSigstore } from "../support/sigstore.ts";

const ISSUER = "https://issuer.example";
const SUBJECT = "https://ci.example/app/.github/workflows/release.yml@refs/heads/main";
const token = identityToken({ sub: SUBJECT, iss: ISSUER });

let dir: string;
let sigstore: TestSigstore;
let other: TestSigstore;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "knbuild-signing-"));
  sigstore = await startSigstore({ token });
  other = await startSigstore();
});
afterAll(async () => {
  await sigstore.close();
  await other.close();
  rmSync(dir, { recursive: true, force: true });
});

async function imageAt(target: MemoryTarget, note = "image"): Promise<Descriptor> {
  const manifest = blobOf(JSON.stringify({ schemaVersion: 2, note, config: {}, layers: [] }), MediaType.ociManifest);
  await target.put(manifest);
  return manifest.descriptor;
}

const trust = (json: string) => ({ trustedRoot: async () => parseTrustedRoot(json) });

async function check(
  target: MemoryTarget,
  image: Descriptor,
  policy: SignaturePolicyInput,
  options: { root?: string; predicateType?: string } = {},
): Promise<ImageVerification | string> {
  try {
    return await verifyImage(target, image, {
      policy: await resolvePolicy(policy, { cwd: dir, env: {} }),
      trust: trust(options.root ?? sigstore.trustedRoot),
      ...(options.predicateType && { predicateType: options.predicateType }),
    });
  } catch (error) {
    if (isKnbuildError(error)) return error.code;
    throw error;
  }
}

async function sign(target: MemoryTarget, image: Descriptor, options: Partial<SigningOptions> = {}): Promise<void> {
  const signer = await createImageSigner({ cwd: dir, env: {}, ...options });
  await attachStatement(target, image, signatureStatement(image.digest), signer);
}

const keyless = (): Partial<SigningOptions> => ({
  env: { SIGSTORE_ID_TOKEN: token },
  services: { ...sigstore.services },
});
const byIdentity: SignaturePolicyInput = { identities: [SUBJECT], issuers: [ISSUER] };

const KEYS: [string, () => KeyObject][] = [
  ["ECDSA P-256", () => generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey],
  ["ECDSA P-384", () => generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey],
  ["ECDSA P-521", () => generateKeyPairSync("ec", { namedCurve: "P-521" }).privateKey],
  ["Ed25519", () => generateKeyPairSync("ed25519").privateKey],
  ["RSA 2048", () => generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey],
];

function pemFile(name: string, key: KeyObject): { key: string; pub: string } {
  const pem = key.export({ type: "pkcs8", format: "pem" }).toString();
  writeFileSync(join(dir, name), pem);
  const pub = execFileSync("openssl", ["pkey", "-pubout"], { input: pem, encoding: "utf8" });
  return { key: name, pub };
}

describe("keys", () => {
  test.each(KEYS)("%s: signs, verifies, and another key of its kind is refused", async (name, make) => {
    const target = createMemoryTarget();
    const image = await imageAt(target);
    const { key, pub } = pemFile(`${name}.pem`, make());
    await sign(target, image, { key });
    expect(await check(target, image, { keys: [pub] })).toMatchObject({
      verified: [{ form: "bundle", logged: false }],
    });
    expect(await check(target, image, { keys: [pemFile("other.pem", make()).pub] })).toBe("SIGNATURE_KEY_MISMATCH");
  });

  test("an encrypted key of cosign's format opens with its password and no other", async () => {
    const key = KEYS[0]![1]();
    writeFileSync(join(dir, "cosign.key"), await sealCosignKey(key, "påss"));
    const opened = await openSigningKey("cosign.key", { cwd: dir, env: { COSIGN_PASSWORD: "påss" } });
    expect(publicKeyPem(opened.publicKey)).toBe(
      publicKeyPem((await openSigningKey(pemFile("k", key).key, { cwd: dir, env: {} })).publicKey),
    );
    const code = (env: NodeJS.ProcessEnv) =>
      openSigningKey("cosign.key", { cwd: dir, env }).then(
        () => "opened",
        (error) => error.code,
      );
    expect(await code({ COSIGN_PASSWORD: "pass" })).toBe("SIGNING_KEY_PASSWORD");
    expect(await code({})).toBe("SIGNING_KEY_PASSWORD");
  });

  test("a key in a variable, and one behind a command", async () => {
    const target = createMemoryTarget();
    const image = await imageAt(target);
    const { pub } = pemFile("kms.pem", KEYS[0]![1]());
    const pem = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    await sign(target, image, { key: "env://SIGNING_KEY", env: { SIGNING_KEY: pem } });
    expect(await check(target, image, { keys: ["env://K"] })).toBe("SIGNING_KEY_MISSING");

    const kms = join(dir, "kms.sh");
    writeFileSync(
      kms,
      `#!/bin/sh\ncase "$1" in\npublic-key) openssl pkey -in kms.pem -pubout;;\nsign) openssl dgst -sha256 -sign kms.pem | base64 -w0;;\nesac\n`,
    );
    chmodSync(kms, 0o755);
    await sign(target, image, { key: `command:${kms}`, env: process.env });
    expect(await check(target, image, { keys: [pub] })).toMatchObject({
      verified: [{ signer: { kind: "key" } }],
      refused: [{ code: "SIGNATURE_KEY_MISMATCH" }],
    });
    const asked = await resolvePolicy({ keys: [`command:${kms}`] }, { cwd: dir, env: process.env });
    expect(asked.keys[0]!.export({ type: "spki", format: "pem" })).toBe(pub);
    writeFileSync(kms, "#!/bin/sh\necho no such key >&2\nexit 3\n");
    await expect(sign(target, image, { key: `command:${kms}`, env: process.env })).rejects.toMatchObject({
      code: "SIGNING_COMMAND_FAILED",
      detail: "no such key",
    });
    await expect(resolvePolicy({ keys: [`command:${kms}`] }, { cwd: dir, env: process.env })).rejects.toMatchObject({
      code: "SIGNING_COMMAND_FAILED",
    });
  });

  test.each([
    ["missing.pem", "SIGNING_KEY_MISSING"],
    ["awskms:///alias/x", "SIGNING_KEY_INVALID"],
    ["public.pem", "SIGNING_KEY_INVALID"],
    ["dsa.pem", "SIGNING_KEY_INVALID"],
  ])("%s is refused: %s", async (key, code) => {
    writeFileSync(join(dir, "public.pem"), pemFile("p", KEYS[0]![1]()).pub);
    const weak = generateKeyPairSync("ec", { namedCurve: "secp256k1" }).privateKey;
    writeFileSync(join(dir, "dsa.pem"), weak.export({ type: "pkcs8", format: "pem" }));
    await expect(createImageSigner({ cwd: dir, env: {}, key })).rejects.toMatchObject({ code, exitCode: 2 });
  });
});

describe("keyless", () => {
  test("certificate, log and timestamp, from a token in the environment", async () => {
    const target = createMemoryTarget();
    const image = await imageAt(target);
    await sign(target, image, keyless());
    expect(await check(target, image, byIdentity)).toMatchObject({
      verified: [{ signer: { kind: "identity", identity: SUBJECT, issuer: ISSUER }, logged: true }],
    });
    const pattern = { identities: ["/https://ci\\.example/app/.*/"], issuers: ["/https://.*\\.example/"] };
    expect(await check(target, image, pattern)).toMatchObject({ verified: [{}] });
    const each = { identities: [{ identityRegExp: "https://ci\\.example/.*", issuer: ISSUER }] };
    expect(await check(target, image, each)).toMatchObject({ verified: [{}] });
    const mixed = {
      identities: [
        { identity: SUBJECT, issuer: "https://a.example" },
        { identity: "b", issuer: ISSUER },
      ],
    };
    expect(await check(target, image, mixed)).toBe("IDENTITY_MISMATCH");
  });

  test.each([
    [
      "GitHub Actions",
      () => ({
        ACTIONS_ID_TOKEN_REQUEST_URL: `${sigstore.url}/github/token?x=1`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token",
      }),
    ],
    ["the Google metadata server", () => ({ GCE_METADATA_HOST: sigstore.url.slice("http://".length) })],
  ])("identity from %s", async (_name, env) => {
    const target = createMemoryTarget();
    const image = await imageAt(target);
    await sign(target, image, { ...keyless(), env: env() });
    expect(await check(target, image, byIdentity)).toMatchObject({ verified: [{ signer: { identity: SUBJECT } }] });
  });

  test("without an identity it says which ones there could be; a refused token names the place, not the token", async () => {
    const target = createMemoryTarget();
    const image = await imageAt(target);
    await expect(sign(target, image, { ...keyless(), env: { KNBUILD_NO_METADATA: "1" } })).rejects.toMatchObject({
      code: "SIGNING_IDENTITY_MISSING",
    });
    const env = {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${sigstore.url}/github/token`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "wrong-secret",
    };
    const failure = await sign(target, image, { ...keyless(), env }).catch((error) => error);
    expect(failure).toMatchObject({ code: "SIGNING_IDENTITY_FAILED" });
    expect(JSON.stringify([failure.message, failure.hint])).not.toContain("wrong-secret");
  });

  test("each service that is away has its own code", async () => {
    const target = createMemoryTarget();
    const image = await imageAt(target);
    const away = `${sigstore.url}/nowhere`;
    for (const [service, code] of [
      ["fulcioUrl", "SIGNING_CA_FAILED"],
      ["rekorUrl", "SIGNING_LOG_FAILED"],
      ["tsaUrl", "SIGNING_TIMESTAMP_FAILED"],
    ] as const) {
      await expect(
        sign(target, image, { ...keyless(), services: { ...sigstore.services, [service]: away } }),
      ).rejects.toMatchObject({ code });
    }
  });

  test("a timestamp alone is enough where the policy does not ask for the log", async () => {
    const target = createMemoryTarget();
    const image = await imageAt(target);
    await sign(target, image, { ...keyless(), services: { ...sigstore.services, rekorUrl: false } });
    expect(await check(target, image, { ...byIdentity, log: "ignore" })).toMatchObject({
      verified: [{ logged: false }],
    });
    expect(await check(target, image, byIdentity)).toBe("LOG_ENTRY_MISSING");
  });

  test("a key's signature can be logged, and then the log can be asked for", async () => {
    const target = createMemoryTarget();
    const image = await imageAt(target);
    const { key, pub } = pemFile("logged.pem", KEYS[0]![1]());
    await sign(target, image, { key, services: { rekorUrl: sigstore.url } });
    expect(await check(target, image, { keys: [pub], log: "require" })).toMatchObject({ verified: [{ logged: true }] });
    const silent = createMemoryTarget();
    await sign(silent, await imageAt(silent), { key });
    expect(await check(silent, image, { keys: [pub], log: "require" })).toBe("LOG_ENTRY_MISSING");
  });
});

describe("what was changed is refused, each with its own code", () => {
  interface Tampered {
    // biome-ignore lint/suspicious/noExplicitAny: a bundle's JSON, to be damaged
    bundle: Record<string, any>;
    image: Descriptor;
    target: MemoryTarget;
  }

  /** Signs an image without an identity of its own, damages the bundle's JSON, and attaches what comes out. */
  async function tampered(
    damage: (signed: Tampered) => void | Promise<void>,
    options: Partial<SigningOptions> = keyless(),
  ): Promise<{ target: MemoryTarget; image: Descriptor }> {
    const target = createMemoryTarget();
    const image = await imageAt(target);
    const signer = await createImageSigner({ cwd: dir, env: {}, ...options });
    const bundle = JSON.parse(serializeBundle(await signer.signStatement(signatureStatement(image.digest))));
    await damage({ bundle, image, target });
    await attachArtifact(target, image, { artifactType: BUNDLE_MEDIA_TYPE, content: JSON.stringify(bundle) });
    return { target, image };
  }
  const flip = (base64: string) => {
    const bytes = Buffer.from(base64, "base64");
    bytes[bytes.length - 1]! ^= 1;
    return bytes.toString("base64");
  };
  const restate = (bundle: Tampered["bundle"], change: (statement: { subject: unknown }) => void) => {
    const statement = JSON.parse(Buffer.from(bundle["dsseEnvelope"].payload, "base64").toString("utf8"));
    change(statement);
    bundle["dsseEnvelope"].payload = Buffer.from(JSON.stringify(statement)).toString("base64");
  };

  test("nothing at all", async () => {
    const target = createMemoryTarget();
    expect(await check(target, await imageAt(target), byIdentity)).toBe("SIGNATURE_MISSING");
  });

  test("a bundle of another image", async () => {
    const target = createMemoryTarget();
    const image = await imageAt(target);
    const signer = await createImageSigner({ cwd: dir, env: {}, ...keyless() });
    const elsewhere = await imageAt(target, "another");
    const bundle = await signer.signStatement(signatureStatement(elsewhere.digest));
    await attachArtifact(target, image, { artifactType: BUNDLE_MEDIA_TYPE, content: serializeBundle(bundle) });
    expect(await check(target, image, byIdentity)).toBe("SIGNATURE_SUBJECT_MISMATCH");
  });

  test("a payload that was changed to name this image", async () => {
    const key = pemFile("t.pem", KEYS[0]![1]());
    const byKey = await tampered(({ bundle }) => restate(bundle, (s) => (s.subject = [])), { key: key.key });
    expect(await check(byKey.target, byKey.image, { keys: [key.pub] })).toBe("SIGNATURE_INVALID");
    // With a log, the log notices first.
    const logged = await tampered(({ bundle }) => restate(bundle, (s) => (s.subject = [])));
    expect(await check(logged.target, logged.image, byIdentity)).toBe("LOG_ENTRY_INVALID");
  });

  test.each<[string, string, (bundle: Tampered["bundle"]) => void | Promise<void>]>([
    ["a bundle that is none", "BUNDLE_INVALID", (b) => void delete b["verificationMaterial"]],
    [
      "a certificate with a changed byte",
      "CERTIFICATE_UNTRUSTED",
      (b) =>
        void (b["verificationMaterial"].certificate.rawBytes = flip(b["verificationMaterial"].certificate.rawBytes)),
    ],
    ["no log entry", "LOG_ENTRY_MISSING", (b) => void (b["verificationMaterial"].tlogEntries = [])],
    [
      "a log entry with a forged promise",
      "LOG_ENTRY_INVALID",
      (b) =>
        void (b["verificationMaterial"].tlogEntries[0].inclusionPromise.signedEntryTimestamp = flip(
          b["verificationMaterial"].tlogEntries[0].inclusionPromise.signedEntryTimestamp,
        )),
    ],
    [
      "a log entry with a moved time",
      "LOG_ENTRY_INVALID",
      (b) =>
        void (b["verificationMaterial"].tlogEntries[0].integratedTime = String(
          Number(b["verificationMaterial"].tlogEntries[0].integratedTime) + 1,
        )),
    ],
    [
      "a forged checkpoint",
      "LOG_ENTRY_INVALID",
      (b) => {
        const { checkpoint } = b["verificationMaterial"].tlogEntries[0].inclusionProof;
        checkpoint.envelope = checkpoint.envelope.replace(/^1$/m, "2");
      },
    ],
  ])("%s: %s", async (_name, code, damage) => {
    const { target, image } = await tampered(({ bundle }) => damage(bundle));
    expect(await check(target, image, byIdentity)).toBe(code);
  });

  test("a timestamp of another authority", async () => {
    const { target, image } = await tampered(() => {}, {
      ...keyless(),
      services: { ...sigstore.services, tsaUrl: other.url },
    });
    expect(await check(target, image, byIdentity)).toBe("TIMESTAMP_INVALID");
  });

  test("another authority's certificate", async () => {
    const { target, image } = await tampered(() => {}, {
      ...keyless(),
      services: { ...sigstore.services, fulcioUrl: other.url },
    });
    expect(await check(target, image, byIdentity)).toBe("CERTIFICATE_UNTRUSTED");
  });

  test("a certificate that was over when it signed", async () => {
    const late = await startSigstore({ clock: new Date(Date.now() - 3600_000) });
    try {
      const { target, image } = await tampered(() => {}, { ...keyless(), services: late.services });
      expect(await check(target, image, byIdentity, { root: late.trustedRoot })).toBe("CERTIFICATE_EXPIRED");
    } finally {
      await late.close();
    }
  });

  test("another identity, another issuer, and a key where an identity is asked for", async () => {
    const { target, image } = await tampered(() => {});
    expect(await check(target, image, { ...byIdentity, identities: ["https://ci.example/other"] })).toBe(
      "IDENTITY_MISMATCH",
    );
    // A prefix is not enough, in text as in an expression.
    expect(await check(target, image, { ...byIdentity, identities: ["https://ci.example/app"] })).toBe(
      "IDENTITY_MISMATCH",
    );
    expect(await check(target, image, { ...byIdentity, identities: ["/https://ci.example/app/"] })).toBe(
      "IDENTITY_MISMATCH",
    );
    expect(await check(target, image, { ...byIdentity, issuers: ["https://elsewhere.example"] })).toBe(
      "ISSUER_MISMATCH",
    );
    expect(await check(target, image, { keys: [pemFile("x", KEYS[0]![1]()).pub] })).toBe("SIGNATURE_KEY_MISMATCH");
  });

  test("an attestation is not a signature, whatever its annotation says", async () => {
    const target = createMemoryTarget();
    const image = await imageAt(target);
    const signer = await createImageSigner({ cwd: dir, env: {}, ...keyless() });
    const type = "https://example.com/test/v1";
    await attachStatement(target, image, statementOf(image.digest, type, { ok: true }), signer);
    expect(await check(target, image, byIdentity)).toBe("SIGNATURE_MISSING");
    expect(await check(target, image, byIdentity, { predicateType: type })).toMatchObject({
      verified: [{ predicateType: type, statement: { predicate: { ok: true } } }],
    });
    const lying = createMemoryTarget();
    await imageAt(lying);
    const bundle = await signer.signStatement(statementOf(image.digest, type, {}));
    await attachArtifact(lying, image, { artifactType: BUNDLE_MEDIA_TYPE, content: serializeBundle(bundle) });
    expect(await check(lying, image, byIdentity)).toBe("SIGNATURE_MISSING");
  });

  test("several bad ones are all named; one good one among them is enough", async () => {
    const target = createMemoryTarget();
    const image = await imageAt(target);
    const mine = pemFile("mine.pem", KEYS[0]![1]());
    await sign(target, image, { key: pemFile("theirs.pem", KEYS[0]![1]()).key });
    await sign(target, image, keyless());
    expect(await check(target, image, { keys: [mine.pub], log: "require" })).toBe("SIGNATURE_KEY_MISMATCH");
    await attachArtifact(target, image, { artifactType: BUNDLE_MEDIA_TYPE, content: "{}" });
    expect(await check(target, image, { keys: [mine.pub] })).toBe("SIGNATURES_REFUSED");
    await sign(target, image, { key: mine.key });
    expect(await check(target, image, { keys: [mine.pub] })).toMatchObject({ verified: [{}], refused: [{}, {}, {}] });
  });
});

describe("policies that accept nobody or anybody are refused", () => {
  test.each<[SignaturePolicyInput]>([
    [{}],
    [{ identities: ["a"] }],
    [{ identities: [{ issuer: "https://a.example" }] }],
    [{ keys: ["-----BEGIN NOTHING-----"] }],
    [{ identities: ["/(/"], issuers: ["b"] }],
  ])("%j", async (policy) => {
    await expect(resolvePolicy(policy, { cwd: dir, env: {} })).rejects.toMatchObject({
      code: "POLICY_INVALID",
      exitCode: 2,
    });
  });
});

describe("the older form", () => {
  test("with a key and keyless; signatures add up under one tag; another image's is refused", async () => {
    const target = createMemoryTarget();
    const image = await imageAt(target);
    const { key, pub } = pemFile("old.pem", KEYS[0]![1]());
    await attachSimpleSignature(
      target,
      image.digest,
      "r.example/app",
      await createImageSigner({ cwd: dir, env: {}, key }),
    );
    await attachSimpleSignature(
      target,
      image.digest,
      "r.example/app",
      await createImageSigner({ cwd: dir, env: {}, ...keyless() }),
    );
    expect([...target.tags.keys()]).toEqual([`${image.digest.replace(":", "-")}.sig`]);
    expect(await check(target, image, { keys: [pub] })).toMatchObject({
      verified: [{ form: "simple" }],
      refused: [{ code: "SIGNATURE_KEY_MISMATCH" }],
    });
    expect(await check(target, image, byIdentity)).toMatchObject({ verified: [{ form: "simple", logged: true }] });

    const elsewhere = await imageAt(target, "another");
    await target.tag(
      target.tags.get(`${image.digest.replace(":", "-")}.sig`)!,
      `${elsewhere.digest.replace(":", "-")}.sig`,
    );
    expect(await check(target, elsewhere, { keys: [pub] })).toBe("SIGNATURE_SUBJECT_MISMATCH");
  });
});

test("the artifact is what cosign 3 writes, and the image's manifest stays what it was", async () => {
  const target = createMemoryTarget();
  const image = await imageAt(target);
  const { key } = pemFile("form.pem", KEYS[0]![1]());
  await sign(target, image, { key });
  expect(await target.resolve(image.digest)).toEqual(image);
  const index = JSON.parse(
    Buffer.from(target.blobs.get(target.tags.get(referrersTag(image.digest))!.digest)!.bytes).toString(),
  );
  expect(index.manifests).toHaveLength(1);
  const manifest = JSON.parse(Buffer.from(target.blobs.get(index.manifests[0].digest)!.bytes).toString());
  expect(manifest).toMatchObject({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    artifactType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    config: { mediaType: "application/vnd.oci.empty.v1+json", size: 2 },
    layers: [{ mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json" }],
    subject: { digest: image.digest, mediaType: image.mediaType, size: image.size },
    annotations: {
      "dev.sigstore.bundle.content": "dsse-envelope",
      "dev.sigstore.bundle.predicateType": "https://sigstore.dev/cosign/sign/v1",
    },
  });
});
