/** Certificates that are refused, on either side: told at once, in words, with what to do. */
import { generateKeyPairSync } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type ServerOptions } from "node:https";
import { type AddressInfo, createServer as createPlainServer, type Server } from "node:net";
import { join } from "node:path";
import { generate, type SelfsignedOptions } from "selfsigned";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createRegistryClient, type RegistryClientOptions } from "../../src/registry/client.ts";
import { createTestTls, type TestTls } from "../support/tls.ts";

let tls: TestTls;
const servers: Server[] = [];

beforeAll(async () => {
  tls = await createTestTls();
});

afterAll(() => {
  for (const server of servers) server.close();
  rmSync(tls.dir, { recursive: true, force: true });
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A registry that knows of nothing. */
const serve = (options: ServerOptions) =>
  listen(createServer(options, (_, response) => response.writeHead(404, { connection: "close" }).end()));

/** A server whose certificate is its own authority, and the file to name as such. */
async function serveOwn(
  ip: string,
  options: Partial<SelfsignedOptions> = {},
): Promise<{ host: string; caFile: string }> {
  const extensions: SelfsignedOptions["extensions"] = [{ name: "subjectAltName", altNames: [{ type: 7, ip }] }];
  const name = [{ name: "commonName", value: "a registry" }];
  const { private: key, cert } = await generate(name, { keySize: 2048, algorithm: "sha256", extensions, ...options });
  const caFile = join(tls.dir, `own-${servers.length}.crt`);
  writeFileSync(caFile, cert);
  return { host: await serve({ key, cert }), caFile };
}

async function resolve(host: string, options: RegistryClientOptions = {}) {
  const client = createRegistryClient({
    env: {},
    cacheDir: null,
    machineMirrors: false,
    retry: { baseDelayMs: 1, maxDelayMs: 2 },
    ...options,
  });
  try {
    return await client.repository(`${host}/a/b`).resolve("v1");
  } finally {
    // Each refusal is told the first time.
    expect(client.stats.retries).toBe(0);
    await client.close();
  }
}

it.each<[string, string, Partial<SelfsignedOptions>, RegExp, RegExp]>([
  [
    "has expired",
    "127.0.0.1",
    { notBeforeDate: new Date("2020-01-01"), notAfterDate: new Date("2020-02-01") },
    /has expired/,
    /renewed/,
  ],
  [
    "is not valid yet",
    "127.0.0.1",
    { notBeforeDate: new Date("2090-01-01"), notAfterDate: new Date("2090-02-01") },
    /not valid yet/,
    /clock/,
  ],
  ["is for another host", "127.0.0.9", {}, /not for 127\.0\.0\.1:\d+, but for .*127\.0\.0\.9/, /name/],
])("a certificate that %s", async (_, ip, options, message, hint) => {
  const { host, caFile } = await serveOwn(ip, options);
  const told = { code: "TLS_UNTRUSTED", message: expect.stringMatching(message), hint: expect.stringMatching(hint) };
  await expect(resolve(host, { caFiles: [caFile] })).rejects.toMatchObject(told);
  // Nobody else's certificates are asked about by this.
  expect(await resolve(host, { insecure: [host] })).toBeNull();
});

it("a certificate of nobody who is known", async () => {
  const host = await serve({ key: readFileSync(tls.keyFile), cert: readFileSync(tls.certFile) });
  const told = { code: "TLS_UNTRUSTED", message: expect.stringContaining("nobody who is known") };
  await expect(resolve(host)).rejects.toMatchObject(told);
});

it.each(["TLSv1.2", "TLSv1.3"] as const)("a certificate of the client's is wanted, over %s", async (version) => {
  const server = { key: readFileSync(tls.keyFile), cert: readFileSync(tls.certFile), ca: readFileSync(tls.caFile) };
  const versions = { minVersion: version, maxVersion: version };
  const host = await serve({ ...server, ...versions, requestCert: true, rejectUnauthorized: true });
  const caFiles = [tls.caFile];
  const told = { code: "TLS_FAILED", hint: expect.stringContaining("certs.d") };
  await expect(resolve(host, { caFiles })).rejects.toMatchObject(told);
  const own = { certFile: tls.clientCertFile, keyFile: tls.clientKeyFile };
  expect(await resolve(host, { caFiles, clientCertificates: { [host]: own } })).toBeNull();
});

it("a certificate of the client's is looked at before it is shown", async () => {
  const host = await serve({ key: readFileSync(tls.keyFile), cert: readFileSync(tls.certFile) });
  const broken = join(tls.dir, "broken.pem");
  writeFileSync(broken, "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n");
  const sealed = join(tls.dir, "sealed.pem");
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const cipher = { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" } as const;
  writeFileSync(sealed, privateKey.export(cipher));
  const { clientCertFile: certFile, clientKeyFile: keyFile, keyFile: other, caFile } = tls;
  for (const [own, where, message] of [
    [{ certFile, keyFile: other }, other, /does not belong to the certificate/],
    [{ certFile, keyFile: sealed }, sealed, /no key that can be used/],
    [{ certFile: broken, keyFile }, broken, /no PEM certificate/],
  ] as const) {
    const told = { exitCode: 2, where, message: expect.stringMatching(message), hint: expect.stringMatching(/./) };
    const options = { caFiles: [caFile], clientCertificates: { [host]: own } };
    await expect(resolve(host, options)).rejects.toMatchObject(told);
  }
  await expect(resolve(host, { caFiles: [broken] })).rejects.toMatchObject({ code: "CA_FILE_INVALID", where: broken });
  const both = join(tls.dir, "both.pem");
  writeFileSync(both, readFileSync(keyFile, "utf8") + readFileSync(certFile, "utf8"));
  const together = { [host]: { certFile: both, keyFile: both } };
  expect(await resolve(host, { caFiles: [caFile], clientCertificates: together })).toBeNull();
});

it("a mirror that speaks plain HTTP where TLS is meant", async () => {
  const plain = createPlainServer((socket) => {
    socket.on("error", () => {}).once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  });
  const mirror = await listen(plain);
  const mirrors = { "docker.io": { urls: [`https://${mirror}`], strict: true } };
  const told = { code: "TLS_NOT_SPOKEN", message: expect.stringContaining("does not speak TLS") };
  await expect(resolve("docker.io", { mirrors })).rejects.toMatchObject(told);
});
