/** Google's default credentials on a machine behind a proxy, with an authority of its own: from the file to the manifest. */
import { generateKeyPairSync } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { blobOf } from "../../src/oci/blob.ts";
import { MediaType } from "../../src/oci/descriptor.ts";
import { createRegistryClient } from "../../src/registry/client.ts";
import { createTestTls, type TestTls } from "../support/tls.ts";

const REGISTRY = "us-docker.pkg.dev";
const TOKENS = "oauth2.googleapis.com";
const IDENTITIES = "iamcredentials.googleapis.com";
const manifest = blobOf('{"schemaVersion":2}', MediaType.ociManifest);
const privateKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({
  type: "pkcs8",
  format: "pem",
});
const user = { type: "authorized_user", client_id: "c", client_secret: "s", refresh_token: "the-user" };
const servers: Server[] = [];
const seen: string[] = [];
let tls: TestTls;
let proxyUrl: string;

const google: RequestListener = (request, response) => {
  const { host, authorization } = request.headers;
  const path = (request.url ?? "").split("?")[0];
  seen.push(`${host}${path}`);
  const json = (body: object) => response.setHeader("content-type", "application/json").end(JSON.stringify(body));
  request.resume();
  if (host === TOKENS) json({ access_token: "ya29.good", expires_in: 3599 });
  else if (host === IDENTITIES)
    json({ accessToken: "ya29.other", expireTime: new Date(Date.now() + 1e6).toISOString() });
  else if (path === "/v2/token")
    json({ token: Buffer.from((authorization ?? " ").split(" ")[1]!, "base64").toString() });
  else if (authorization?.startsWith("Bearer oauth2accesstoken:ya29.")) {
    response
      .setHeader("content-type", MediaType.ociManifest)
      .setHeader("docker-content-digest", manifest.descriptor.digest);
    response.setHeader("content-length", manifest.descriptor.size).end();
  } else {
    const realm = `Bearer realm="https://${REGISTRY}/v2/token",service="${REGISTRY}"`;
    response.writeHead(401, { "www-authenticate": realm }).end();
  }
};

beforeAll(async () => {
  tls = await createTestTls([REGISTRY, TOKENS, IDENTITIES]);
  const there = createTlsServer({ cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) }, google);
  const proxy = createServer().on("connect", (_request, socket) => {
    const tunnel = connect((there.address() as AddressInfo).port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      tunnel.pipe(socket).pipe(tunnel);
    });
    for (const end of [tunnel, socket]) end.on("error", () => {});
  });
  servers.push(there, proxy);
  for (const one of servers) await new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));
  proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
});

afterAll(() => {
  for (const server of servers) server.close();
  rmSync(tls.dir, { recursive: true, force: true });
});

beforeEach(() => {
  seen.length = 0;
});

it.each([
  ["a service account", { type: "service_account", private_key: privateKey, client_email: "a@p.example" }, TOKENS],
  ["a user", user, TOKENS],
  [
    "an account that another stands in for",
    {
      type: "impersonated_service_account",
      source_credentials: user,
      service_account_impersonation_url: `https://${IDENTITIES}/v1/projects/-/serviceAccounts/b@p.example:generateAccessToken`,
    },
    IDENTITIES,
  ],
])("open the registry: %s", async (_name, content, asked) => {
  const file = join(tls.dir, "default.json");
  writeFileSync(file, JSON.stringify(content));
  const client = createRegistryClient({
    env: { HTTPS_PROXY: proxyUrl, GOOGLE_APPLICATION_CREDENTIALS: file, HOME: tls.dir },
    caFiles: [tls.caFile],
    cacheDir: null,
    machineMirrors: false,
  });
  try {
    const found = await client.repository(`${REGISTRY}/p/r/image`).resolve("v1");
    expect(found?.digest).toBe(manifest.descriptor.digest);
    expect(seen.some((request) => request.startsWith(asked))).toBe(true);
  } finally {
    await client.close();
  }
});
