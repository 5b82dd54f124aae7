/** A registry in memory that has a habit of its own: for what registries do that cannot run here. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Call {
  request: IncomingMessage;
  response: ServerResponse;
  method: string;
  /** Behind `/v2/REPOSITORY/`; empty for `/v2/`. */
  path: string;
  query: string;
  body: Buffer;
  authorization: string | undefined;
  answer(status: number, headers?: Record<string, string>, body?: string | Buffer): void;
  refuse(status: number, code: string, message?: string, headers?: Record<string, string>): void;
  /** What the book says is said in another way. */
  change?: (status: number, headers: Record<string, string>) => Head;
}

/** @returns true when it has answered */
export type Habit = (call: Call, host: string) => boolean;

type Head = [status: number, headers: Record<string, string>];

export interface MemoryRegistry {
  host: string;
  /** `METHOD URL` of each request. */
  seen: string[];
  close(): void;
}

/** A registry of one repository (`a/b`) in memory, by the book but for its habit. */
export async function startMemoryRegistry(habit: Habit = () => false): Promise<MemoryRegistry> {
  const blobs = new Map<string, Buffer>();
  const manifests = new Map<string, { type: string; bytes: Buffer }>();
  const uploads = new Map<string, Buffer>();
  const seen: string[] = [];
  const digestOf = (bytes: Buffer) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  let host = "";
  let count = 0;

  function byTheBook({ method, path, query, body, request, answer, refuse }: Call): unknown {
    const [kind, name = "", id = ""] = path.split("/");
    if (path === "") return answer(200);
    if (kind === "blobs" && name !== "uploads") {
      const bytes = blobs.get(name);
      if (!bytes) return refuse(404, "BLOB_UNKNOWN");
      return answer(200, { "content-length": String(bytes.byteLength) }, method === "HEAD" ? undefined : bytes);
    }
    if (kind === "manifests" && method === "PUT") {
      const bytes = body;
      const manifest = { type: request.headers["content-type"] ?? "", bytes };
      manifests.set(name, manifest).set(digestOf(bytes), manifest);
      return answer(201, {
        location: `/v2/a/b/manifests/${digestOf(bytes)}`,
        "docker-content-digest": digestOf(bytes),
      });
    }
    if (kind === "manifests") {
      const found = manifests.get(name);
      if (!found) return refuse(404, "MANIFEST_UNKNOWN");
      const headers = {
        "content-type": found.type,
        "content-length": String(found.bytes.byteLength),
        "docker-content-digest": digestOf(found.bytes),
      };
      return answer(200, headers, method === "HEAD" ? undefined : found.bytes);
    }
    if (kind !== "blobs") return answer(404, { "content-type": "text/plain" }, "404 page not found");
    if (method === "POST") {
      uploads.set(String(++count), Buffer.alloc(0));
      return answer(202, { location: `/v2/a/b/blobs/uploads/${count}`, range: "0-0" });
    }
    const held = uploads.get(id);
    if (!held) return refuse(404, "BLOB_UPLOAD_UNKNOWN");
    const all = Buffer.concat([held, body]);
    const range = `0-${Math.max(0, all.byteLength - 1)}`;
    if (method === "GET") return answer(204, { location: `/v2/a/b/blobs/uploads/${id}`, range });
    if (method === "PATCH") {
      uploads.set(id, all);
      return answer(202, { location: `/v2/a/b/blobs/uploads/${id}`, range });
    }
    uploads.delete(id);
    const digest = new URLSearchParams(query).get("digest") ?? "";
    if (digest !== digestOf(all)) return refuse(400, "DIGEST_INVALID");
    blobs.set(digest, all);
    answer(201, { location: `/v2/a/b/blobs/${digest}`, "docker-content-digest": digest });
  }

  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("error", () => {});
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const url = request.url ?? "";
      seen.push(`${request.method} ${url}`);
      const [pathname = "", query = ""] = url.replace(/^http:\/\/[^/]*/, "").split("?", 2);
      const call: Call = {
        request,
        response,
        method: request.method ?? "",
        path: pathname.replace(/^\/v2\/(?:a\/b\/)?/, ""),
        query,
        body: Buffer.concat(chunks),
        authorization: request.headers.authorization,
        answer: (status, headers = {}, body) => {
          response.writeHead(...(call.change?.(status, headers) ?? [status, headers])).end(body);
        },
        refuse: (status, code, message = code, headers = {}) =>
          call.answer(
            status,
            { "content-type": "application/json", ...headers },
            call.method === "HEAD" ? undefined : JSON.stringify({ errors: [{ code, message }] }),
          ),
      };
      if (!habit(call, host)) byTheBook(call);
    });
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  host = `127.0.0.1:${(http.address() as AddressInfo).port}`;
  const close = () => {
    http.close();
    http.closeAllConnections();
  };
  return { host, seen, close };
}
