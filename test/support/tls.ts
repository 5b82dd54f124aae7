/** A private certificate authority and a server certificate for this machine, made anew for every run. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { generate } from "selfsigned";

export interface TestTls {
  dir: string;
  /** PEM files. */
  caFile: string;
  certFile: string;
  keyFile: string;
  clientCertFile: string;
  clientKeyFile: string;
}

/** @param names more host names and addresses that the server's certificate is for */
export async function createTestTls(names: readonly string[] = []): Promise<TestTls> {
  const dir = mkdtempSync(join(tmpdir(), "knbuild-tls-"));
  const file = (name: string, text: string) => {
    const path = join(dir, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  // Two authorities of one name are taken for each other.
  const ca = await generate([{ name: "commonName", value: `knbuild test authority ${basename(dir)}` }], {
    keySize: 2048,
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: "commonName", value: "localhost" }], {
    keySize: 2048,
    algorithm: "sha256",
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 2, value: "registry.test" },
          { type: 7, ip: "127.0.0.1" },
          { type: 7, ip: "::1" },
          ...names.map((name) => (isIP(name) ? { type: 7 as const, ip: name } : { type: 2 as const, value: name })),
        ],
      },
      { name: "extKeyUsage", serverAuth: true },
    ],
  });
  const client = await generate([{ name: "commonName", value: "a client" }], {
    keySize: 2048,
    algorithm: "sha256",
    ca: { key: ca.private, cert: ca.cert },
    extensions: [{ name: "extKeyUsage", clientAuth: true }],
  });
  return {
    dir,
    caFile: file("ca.crt", ca.cert),
    certFile: file("server.crt", server.cert),
    keyFile: file("server.key", server.private),
    clientCertFile: file("client.cert", client.cert),
    clientKeyFile: file("client.key", client.private),
  };
}
