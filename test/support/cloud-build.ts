/**
 * Cloud Build's surroundings, on this machine: a network from which nothing can be reached but what the test puts there (a
 * metadata server, an Artifact Registry that wants its token, mirrors of the package registries), the mounts and the
 * environment of a step.
 */
import { spawnSync } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";

export interface IsolatedNetwork {
  /** Path for `podman run --network=ns:…`. */
  namespace: string;
  /** What of this machine is seen from inside: services of the test listen here. */
  address: string;
  remove(): void;
}

/** A network namespace with one cable to this machine and no way further. */
export function isolatedNetwork(): IsolatedNetwork {
  const id = process.pid % 16_000;
  const name = `knbuild-${process.pid}`;
  const cable = `kn${process.pid}`;
  // 198.18.0.0/15 is for tests (RFC 2544): nobody else's network.
  const address = (host: number) => `198.18.${id >> 6}.${(id & 63) * 4 + host}`;
  const ip = (...args: string[]) => {
    const result = spawnSync("ip", args, { encoding: "utf8" });
    if (result.status !== 0) throw new Error(`ip ${args.join(" ")}: ${result.stderr}`);
  };
  ip("netns", "add", name);
  ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", name);
  ip("address", "add", `${address(1)}/30`, "dev", cable);
  ip("link", "set", cable, "up");
  ip("-n", name, "address", "add", `${address(2)}/30`, "dev", "eth0");
  for (const device of ["lo", "eth0"]) ip("-n", name, "link", "set", device, "up");
  return {
    namespace: `/run/netns/${name}`,
    address: address(1),
    remove() {
      spawnSync("ip", ["link", "delete", cable]);
      spawnSync("ip", ["netns", "delete", name]);
    },
  };
}

export interface Service {
  url: string;
  /** `GET /path?query` so far. */
  requests: string[];
  close(): Promise<void>;
}

/** Google's metadata server, as a step finds it: a token of the service account, and an identity for an audience. */
export function startMetadataServer(
  address: string,
  answers: { accessToken: string; identityToken: (audience: string) => string },
): Promise<Service> {
  const requests: string[] = [];
  const account = "/computeMetadata/v1/instance/service-accounts/";
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const url = new URL(request.url ?? "/", "http://metadata.google.internal");
    const send = (status: number, text: string) =>
      response.writeHead(status, { "metadata-flavor": "Google", server: "Metadata Server for VM" }).end(text);
    if (request.headers["metadata-flavor"] !== "Google") return send(403, "Missing Metadata-Flavor:Google header.");
    if (url.pathname === account) return send(200, "default/\nbuilder@my-project.iam.gserviceaccount.com/\n");
    if (url.pathname === `${account}default/token`)
      return send(200, JSON.stringify({ access_token: answers.accessToken, expires_in: 3599, token_type: "Bearer" }));
    if (url.pathname === `${account}default/identity`)
      return send(200, answers.identityToken(url.searchParams.get("audience") ?? ""));
    return send(404, "not found");
  });
  return listening(server, address, 80, requests);
}

/** A mirror of packages: what it is asked for it fetches from this machine's own source of them. */
export function startPackageMirror(address: string, upstream: string): Promise<Service> {
  const requests: string[] = [];
  const from = new URL(upstream);
  const base = from.pathname.replace(/\/+$/, "");
  const server = createServer((request, response) => {
    void (async () => {
      requests.push(`${request.method} ${request.url}`);
      const path = request.url?.startsWith(`${base}/`) ? request.url : `${base}${request.url}`;
      const accept = request.headers.accept;
      const answer = await fetch(`${from.origin}${path}`, {
        method: request.method ?? "GET",
        ...(accept && { headers: { accept } }),
      });
      const type = answer.headers.get("content-type") ?? "application/octet-stream";
      response.writeHead(answer.status, { "content-type": type });
      // Packuments name the place of their archives.
      if (type.includes("json")) {
        response.end((await answer.text()).replaceAll(from.origin, `http://${request.headers.host}`));
      } else if (answer.body) Readable.fromWeb(answer.body as import("node:stream/web").ReadableStream).pipe(response);
      else response.end();
    })().catch(() => response.destroy());
  });
  return listening(server, address, 0, requests);
}

async function listening(server: Server, address: string, port: number, requests: string[]): Promise<Service> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, resolve);
  });
  return {
    url: `http://${address}:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
