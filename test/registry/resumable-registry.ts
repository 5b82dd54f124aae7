/** The upload API of a registry that keeps what it got of an upload that was cut, and refuses any Location but the newest. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { sha256 } from "../../src/base/digest.ts";

export async function startResumableRegistry() {
  const blobs = new Map<string, Buffer>();
  const upload = { parts: [] as Buffer[], size: 0, state: 0 };
  let received = 0;

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const location = () => ({ location: `/v2/a/b/blobs/uploads/1?state=${++upload.state}` });
    const range = () => ({ range: `0-${Math.max(0, upload.size - 1)}` });
    const stale = Number(url.searchParams.get("state")) !== upload.state;
    request.on("error", () => {});
    if (url.pathname === "/v2/") response.end("{}");
    else if (request.method === "HEAD")
      response.writeHead(blobs.has(url.pathname.split("/").at(-1)!) ? 200 : 404).end();
    else if (request.method === "POST") response.writeHead(202, location()).end();
    else if (request.method === "GET") response.writeHead(stale ? 404 : 204, { ...location(), ...range() }).end();
    else {
      const from = /^(\d+)-/.exec(String(request.headers["content-range"] ?? "0-"))?.[1];
      if (stale || (request.method === "PATCH" && Number(from) !== upload.size)) {
        request.resume();
        response.writeHead(416).end();
        return;
      }
      request.on("data", (chunk: Buffer) => {
        upload.parts.push(chunk);
        upload.size += chunk.byteLength;
        received += chunk.byteLength;
      });
      request.on("end", () => {
        if (request.method === "PATCH") response.writeHead(202, { ...location(), ...range() }).end();
        else {
          const whole = Buffer.concat(upload.parts);
          const digest = url.searchParams.get("digest") ?? "";
          if (sha256(whole) === digest) blobs.set(digest, whole);
          response.writeHead(sha256(whole) === digest ? 201 : 400).end();
        }
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    blobs,
    received: () => received,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
