import { generateKeyPairSync, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isKnbuildError, KnbuildError } from "../../src/base/errors.ts";
import { streamOf } from "../../src/base/streams.ts";
import { createSecretScanner, type SecretScannerOptions } from "../../src/layer/secrets.ts";
import type { TarEntry } from "../../src/oci/layer-source.ts";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Random text, so that no real-looking credential stands in this repository. */
function random(length: number, alphabet = LETTERS): string {
  return Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join("");
}

function file(path: string, text: string): TarEntry {
  const bytes = Buffer.from(text);
  return { type: "file", path, mode: 0o644, uid: 0, gid: 0, size: bytes.byteLength, open: () => streamOf(bytes) };
}

function scan(files: Record<string, string>, options?: SecretScannerOptions, chunk = 65536) {
  const scanner = createSecretScanner(options);
  for (const [path, text] of Object.entries(files)) {
    const inspect = scanner.begin(file(path, text));
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += chunk) inspect?.(bytes.subarray(at, at + chunk));
    inspect?.(null);
  }
  let error: KnbuildError | undefined;
  try {
    scanner.end();
  } catch (thrown) {
    if (!isKnbuildError(thrown)) throw thrown;
    error = thrown;
  }
  return { rules: scanner.findings.map((f) => f.rule), findings: scanner.findings, error };
}

const pem = (type: "ec" | "rsa") =>
  (type === "ec"
    ? generateKeyPairSync("ec", { namedCurve: "P-256" })
    : generateKeyPairSync("rsa", { modulusLength: 2048 })
  ).privateKey
    .export({ type: "pkcs8", format: "pem" })
    .toString();

function pemOf(label: string, content: Uint8Array, headers = ""): string {
  const lines = Buffer.from(content)
    .toString("base64")
    .replace(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN ${label}-----\n${headers}${lines}\n-----END ${label}-----\n`;
}

function concatenated(text: string): string {
  return `const key = ${text
    .trim()
    .split("\n")
    .map((line) => JSON.stringify(`${line}\n`))
    .join(" +\n  ")};`;
}

/** In UTF-16 without the mark, which is what is left of a file that was put together by hand. */
function utf16(text: string): string {
  return Buffer.from(text, "utf16le").toString("latin1");
}

describe("what is a secret", () => {
  const cases: [string, string, string][] = [
    ["private-key", "app/tls.key", pem("rsa")],
    ["private-key", "app/short.key", pem("ec")],
    ["private-key", "app/index.js", `const key = ${JSON.stringify(pem("ec"))};`],
    [
      "google-service-account",
      "app/sa.json",
      JSON.stringify({ type: "service_account", project_id: "p", private_key: pem("rsa") }, null, 2),
    ],
    ["npm-token", "app/.npmrc", `registry=https://r.example/\n//r.example/:_authToken=npm_${random(36)}\n`],
    ["npm-token", "app/.npmrc", `//r.example/:_authToken=${random(32)}\n`],
    ["npm-token", "app/.npmrc", `//r.example/:_password="${random(20)}"\n`],
    ["npm-token", "app/.yarnrc.yml", `npmAuthToken: "${random(30)}"\n`],
    ["github-token", "app/config.js", `export const t = "ghp_${random(36)}";`],
    ["github-token", "app/config.js", `fetch(u, "github_pat_${random(22)}_${random(59)}")`],
    ["gitlab-token", "app/ci.sh", `export TOKEN=glpat-${random(20)}`],
    ["aws-access-key", "app/aws.ini", `aws_access_key_id = AKIA${random(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")}\n`],
    ["google-api-key", "app/maps.js", `key=AIza${random(35)}`],
    ["google-oauth", "app/oauth.json", `{"client_secret":"GOCSPX-${random(28)}"}`],
    [
      "slack-token",
      "app/bot.js",
      `token: "xoxb-${random(12, "0123456789")}-${random(12, "0123456789")}-${random(24)}"`,
    ],
    [
      "slack-token",
      "app/hook.js",
      `https://hooks.slack.com/services/T${random(9, "ABCDEFGH0123")}/B${random(9, "ABCDEFGH0123")}/${random(24)}`,
    ],
    [
      "registry-credential",
      "root/.docker/config.json",
      `{"auths":{"r.example":{"auth":"${Buffer.from(`u:${random(14)}`).toString("base64")}"}}}`,
    ],
    ["private-key", "app/concatenated.js", concatenated(pem("rsa"))],
    ["private-key", "app/json-in-json.js", JSON.stringify(JSON.stringify({ key: pem("ec") }))],
    ["private-key", "app/one-line.txt", `KEY="${pem("ec").replaceAll("\n", " ")}"`],
    ["private-key", "app/secret.yaml", `tls.key: ${Buffer.from(pem("rsa")).toString("base64")}`],
    ["private-key", "home/.ssh/id_ed25519", pemOf("OPENSSH PRIVATE KEY", randomBytes(160))],
    [
      "private-key",
      "app/legacy.pem",
      pemOf("RSA PRIVATE KEY", randomBytes(600), "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n"),
    ],
    ["private-key", "app/dsa.pem", pemOf("DSA PRIVATE KEY", randomBytes(400))],
    ["private-key", "app/encrypted.pem", pemOf("ENCRYPTED PRIVATE KEY", randomBytes(300))],
    ["private-key", "app/cosign.key", pemOf("ENCRYPTED SIGSTORE PRIVATE KEY", randomBytes(300))],
    ["private-key", "app/pgp.asc", pemOf("PGP PRIVATE KEY BLOCK", randomBytes(300), "Version: GnuPG v2\n\n")],
    [
      "private-key",
      "app/ssh2.pem",
      pemOf("SSH2 ENCRYPTED PRIVATE KEY", randomBytes(300), 'Comment: "rsa-key"\n')
        .replaceAll("-----", "----")
        .replace("----BEGIN ", "---- BEGIN ")
        .replace("KEY----", "KEY ----"),
    ],
    [
      "private-key",
      "app/putty.ppk",
      `PuTTY-User-Key-File-3: ssh-rsa\nPrivate-Lines: 2\n${randomBytes(48).toString("base64")}\n`,
    ],
    ["private-key", "app/age.txt", `AGE-SECRET-KEY-1${random(58, "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L")}\n`],
    [
      "private-key",
      "app/jwk.json",
      JSON.stringify(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" })),
    ],
    ["private-key", "app/client.p12", "0"],
    [
      "private-key",
      "app/index.js.map",
      JSON.stringify({ version: 3, sourcesContent: [`const key = \`${pem("rsa")}\`;`] }),
    ],
    ["github-token", "app/utf16.txt", utf16(`token=ghp_${random(36)}\r\n`)],
    ["github-token", "app/utf16-bare.txt", `\0${utf16(`token=ghs_${random(36)}\r\n`)}`],
    ["github-token", "app/node_modules/pkg/lib/index.js", `const t="gho_${random(36)}"`],
    ["aws-secret-key", "home/.aws/config", `aws_secret_access_key = ${random(40)}\n`],
    ["aws-secret-key", "app/aws.json", `{"SecretAccessKey":"${random(40)}"}`],
    ["aws-secret-key", "app/env.sh", `export AWS_SECRET_ACCESS_KEY=${random(40)}`],
    ["google-oauth", "app/adc.json", `{"type":"authorized_user","refresh_token":"1//${random(60)}"}`],
    ["slack-token", "app/rotating.js", `"xoxe.xoxp-1-${random(120)}"`],
    ["env-file", "app/.env", "A=1\n"],
    ["env-file", "app/.dev.vars", "A=1\n"],
    ["env-file", "app/.env.production", "A=1\n"],
    ["credential-file", "home/app/.netrc", "machine a login b password c\n"],
  ];
  test.each(cases)("%s in %s", (rule, path, text) => {
    const { rules, error } = scan({ [path]: text });
    expect(rules).toEqual([rule]);
    expect(error?.code).toBe("SECRETS_FOUND");
    expect(error?.where).toContain(`/${path}`);
  });
});

describe("what is none", () => {
  test.each([
    [
      "app/jose.js",
      'const begin = "-----BEGIN PRIVATE KEY-----"; if (!pem.startsWith("-----BEGIN RSA PRIVATE KEY-----\\n")) throw 1;',
    ],
    [
      "app/public.pem",
      generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ type: "spki", format: "pem" }).toString(),
    ],
    ["app/.npmrc", "//r.example/:_authToken=${NPM_TOKEN}\n"],
    ["app/readme.md", `ghp_${"x".repeat(36)} and npm_${"0".repeat(36)}`],
    ["app/doc.js", "AKIAIOSFODNN7EXAMPLE"],
    ["app/aws.md", "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"],
    ["app/make.js", 'const pem = "-----BEGIN PRIVATE KEY-----\\n" + arrayBufferToBase64StringWithLineBreaks(key);'],
    ["app/public.jwk", '{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"}'],
    ["app/.env.local.example", "PASSWORD=\n"],
    ["app/.env.example", "PASSWORD=\n"],
    ["app/.environment", "A=1"],
    ["app/config.json", '{"auth":"basic"}'],
    ["app/loader.js", 'if (key.type === "service_account") use(key.private_key);'],
  ])("%s", (path, text) => {
    expect(scan({ [path]: text })).toMatchObject({ rules: [], error: undefined });
  });

  test("an empty .env", () => {
    expect(scan({ "app/.env": "" }).rules).toEqual([]);
  });
});

test("every finding of a layer is in one error, with path, line and rule, and without the secret", () => {
  const token = `ghp_${random(36)}`;
  const { error, findings } = scan({ "a.js": `\n\n  ${token}`, "b/.env": `T=${token}` });
  expect(findings.map((f) => [f.path, f.rule, f.line])).toEqual([
    ["a.js", "github-token", 3],
    ["b/.env", "env-file", undefined],
    ["b/.env", "github-token", 1],
  ]);
  expect(error?.detail).toContain("/a.js:3  github-token");
  expect(error?.detail).toContain("/b/.env  env-file");
  expect(JSON.stringify([error?.message, error?.detail, error?.hint, findings])).not.toContain(token);
});

test("a path that is allowed with a reason is reported, not refused; another one still is", () => {
  const text = pem("ec");
  const allow = [{ path: "/app/certs/*.pem", reason: "self-signed, for the loopback only" }];
  expect(scan({ "app/certs/dev.pem": text }, { allow })).toMatchObject({
    error: undefined,
    findings: [{ allowed: "self-signed, for the loopback only" }],
  });
  expect(scan({ "app/certs/deep/dev.pem": text }, { allow }).error?.code).toBe("SECRETS_FOUND");
  expect(() => createSecretScanner({ allow: [{ path: "x", reason: " " }] })).toThrow(KnbuildError);
});

test("the cache key changes with the exceptions", () => {
  const keys = [[], [{ path: "a", reason: "r" }], [{ path: "b", reason: "r" }]].map(
    (allow) => createSecretScanner({ allow }).cacheKey,
  );
  expect(new Set(keys).size).toBe(3);
});

test("the keys of a published package's own tests are a warning; a token is an error there too", () => {
  const { error, findings } = scan({ "app/node_modules/agent/test/server.key": pem("ec") });
  expect(error).toBeUndefined();
  expect(findings).toMatchObject([{ rule: "private-key", severity: "warning" }]);
  expect(scan({ "app/node_modules/x/a.js": `ghp_${random(36)}` }).error?.code).toBe("SECRETS_FOUND");
});

test.each([
  ["usr/lib/x86_64-linux-gnu/libgnutls.so.30.40.3", "warning"],
  ["lib64/libgnutls.so.30", "warning"],
  ["usr/local/lib/python3.14/test/certdata/ssl_key.pem", "warning"],
  ["venv/lib/python3.13/site-packages/tornado/test/test.key", "warning"],
  ["usr/local/bundle/gems/webrick-1.9/test/server.key", "warning"],
  ["usr/lib/server.key", "error"],
  ["app/lib/libown.so", "error"],
])("a private key in %s: %s", (path, severity) => {
  expect(scan({ [path]: pem("rsa") }).findings).toMatchObject([{ rule: "private-key", severity }]);
});

test("a Google API key that browsers get is a warning, one of the server's own is an error", () => {
  const key = `"AIza${random(35)}"`;
  for (const [path, text, severity] of [
    ["app/public/assets/maps.js", key, "warning"],
    ["app/.next/static/chunks/1.js", key, "warning"],
    ["app/src/firebase.js", `initializeApp({ apiKey: ${key}, authDomain: "a.example" })`, "warning"],
    ["app/src/maps.js", key, "error"],
  ] as const)
    expect(scan({ [path]: text }).findings, path).toMatchObject([{ rule: "google-api-key", severity }]);
});

test("an example in a published package's documentation is a warning; in the app's own it is an error", () => {
  const text = `Use \`ghp_${random(36)}\` here.`;
  expect(scan({ "app/node_modules/client/README.md": text })).toMatchObject({
    rules: ["github-token"],
    error: undefined,
  });
  expect(scan({ "app/README.md": text }).error?.code).toBe("SECRETS_FOUND");
});

test("chunk borders never hide a secret, wherever it lies", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4000 }),
      fc.integer({ min: 1, max: 1500 }),
      fc.nat(3000),
      (before, chunk, after) => {
        const text = `${" \n".repeat(before)}"${pemText}"${"é".repeat(after)}`;
        const { findings } = scan({ "x.js": text }, {}, chunk);
        expect(findings).toMatchObject([{ rule: "private-key", line: before + 1 }]);
      },
    ),
    { numRuns: 60 },
  );
});
const pemText = pem("rsa");

test("time grows with the size and no faster, also on input made to hurt", () => {
  // Of the processor, not of the clock: other processes take their turns.
  const time = (text: string) => {
    const begin = process.cpuUsage();
    scan({ "x.js": text });
    const { user, system } = process.cpuUsage(begin);
    return (user + system) / 1000;
  };
  for (const evil of [
    "-----BEGIN PRIVATE KEY-----\n",
    "-----BEGIN RSA PRIVATE KEY-----\nA: b\n",
    "npm_",
    "xoxb-1-",
    '"auth"   :  ',
    "AKIA",
  ]) {
    time(evil.repeat(10_000));
    const once = time(evil.repeat(20_000));
    const eight = Math.min(...Array.from({ length: 3 }, () => time(evil.repeat(160_000))));
    expect(eight).toBeLessThan(Math.max(once, 5) * 8 * 4);
  }
});
