/**
 * A reverse proxy that spoils what goes through it, as asked: cuts, errors, stalls, lies. It stands between a client and a real
 * registry and keeps a log of every request with its Authorization header, so that leaks are seen.
 */
import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { createBrotliCompress, createDeflate, createGzip } from "node:zlib";
import { zstdStream } from "../../src/tar/zstd.ts";

export type FaultKind =
  /** Close the connection before any answer. */
  | { do: "reset" }
  /** Close it when so many bytes of the request's body have come. */
  | { do: "cut-up"; after: number }
  /** Close it when so many bytes of the answer's body are out. */
  | { do: "cut-down"; after: number }
  /** Answer with a status instead of asking the registry. */
  | {
      do: "status";
      status: number;
      headers?: Record<string, string>;
      html?: boolean;
      code?: string;
      afterBytes?: number;
    }
  /** Never answer. */
  | { do: "stall" }
  /** Send a part of the body and then nothing. */
  | { do: "stall-body"; after: number }
  /** Take a part of the request's body and then nothing. */
  | { do: "stall-up"; after: number }
  /** Small pieces with pauses: slow, but alive. */
  | { do: "drip"; bytes: number; pauseMs: number }
  /** Change one byte of the body. */
  | { do: "corrupt" }
  /** A whole answer that ends too early. */
  | { do: "truncate"; to: number }
  /** More bytes than there are. */
  | { do: "lengthen" }
  /** Send the reader elsewhere; with `loop`, back to the same URL. */
  | { do: "redirect"; to: string }
  /** The answer's headers, changed; undefined removes one. */
  | { do: "headers"; set: (headers: Record<string, string | undefined>) => Record<string, string | undefined> }
  /** The body comes compressed, though it was asked for as it is. */
  | { do: "pack"; by: "gzip" | "deflate" | "br" | "zstd" }
  /** Ranges are not understood: the whole content comes. */
  | { do: "ignore-range" }
  /** Drop the answer of a request that the registry has carried out. */
  | { do: "lose-answer" };

export interface Fault {
  /** Which requests; the first fault that fits and is not used up is taken. */
  when: (request: { method: string; path: string; headers: IncomingMessage["headers"] }) => boolean;
  /** How many requests; default 1. */
  times?: number;
  fault: FaultKind;
}

export interface SeenRequest {
  method: string;
  path: string;
  authorization: string | undefined;
  range: string | undefined;
  bytes: number;
}

export interface FaultProxy {
  /** `127.0.0.1:PORT` */
  host: string;
  url: string;
  faults: Fault[];
  seen: SeenRequest[];
  close(): Promise<void>;
}

function packed(body: IncomingMessage, by: Extract<FaultKind, { do: "pack" }>["by"]) {
  if (by === "zstd") return zstdStream(body);
  return body.pipe(by === "gzip" ? createGzip() : by === "br" ? createBrotliCompress() : createDeflate());
}

export async function startFaultProxy(upstream: string): Promise<FaultProxy> {
  const agent = new Agent({ keepAlive: true });
  const faults: Fault[] = [];
  const seen: SeenRequest[] = [];

  const server: Server = createServer((request, response) => {
    const entry: SeenRequest = {
      method: request.method ?? "",
      path: request.url ?? "",
      authorization: request.headers.authorization,
      range: request.headers.range,
      bytes: 0,
    };
    seen.push(entry);
    const found = faults.find((fault) => (fault.times ?? 1) > 0 && fault.when({ ...entry, headers: request.headers }));
    if (found) found.times = (found.times ?? 1) - 1;
    request.on("error", () => {});
    response.on("error", () => {});
    handle(request, response, entry, found?.fault);
  });

  function handle(
    request: IncomingMessage,
    response: ServerResponse,
    entry: SeenRequest,
    fault: FaultKind | undefined,
  ) {
    switch (fault?.do) {
      case "reset":
        request.socket.destroy();
        return;
      case "stall":
        return;
      case "status":
        answerStatus(request, response, fault);
        return;
      case "redirect":
        request.resume();
        response.writeHead(307, { location: fault.to || (request.url ?? "/"), "content-length": 0 }).end();
        return;
    }
    const headers = { ...request.headers };
    if (fault?.do === "ignore-range") delete headers.range;
    const forward = httpRequest(
      {
        agent,
        host: upstream.split(":")[0],
        port: upstream.split(":")[1],
        method: request.method,
        path: request.url,
        headers,
      },
      (answer) => relay(answer, request, response, fault),
    );
    forward.on("error", () => response.destroy());
    let taken = 0;
    request.on("data", (chunk: Buffer) => {
      taken += chunk.byteLength;
      entry.bytes = taken;
      if (fault?.do === "cut-up" && taken >= fault.after) {
        // What came before the cut has reached the registry, as it would have.
        forward.write(chunk.subarray(0, Math.max(0, chunk.byteLength - (taken - fault.after))), () => {
          request.socket.destroy();
          setTimeout(() => forward.destroy(), 20);
        });
        request.pause();
        return;
      }
      if (fault?.do === "stall-up" && taken >= fault.after) {
        request.pause();
        return;
      }
      if (!forward.write(chunk)) {
        request.pause();
        forward.once("drain", () => request.resume());
      }
    });
    request.on("end", () => forward.end());
    request.on("close", () => {
      if (!request.complete) forward.destroy();
    });
  }

  function answerStatus(
    request: IncomingMessage,
    response: ServerResponse,
    fault: Extract<FaultKind, { do: "status" }>,
  ) {
    const send = () => {
      const body = fault.html
        ? "<!DOCTYPE html><html><head><title>Bad Gateway</title></head><body>sorry</body></html>"
        : JSON.stringify({ errors: [{ code: fault.code ?? "UNAVAILABLE", message: "made to fail" }] });
      response.writeHead(fault.status, {
        "content-type": fault.html ? "text/html" : "application/json",
        ...fault.headers,
      });
      response.end(request.method === "HEAD" ? undefined : body);
    };
    let taken = 0;
    let sent = false;
    request.on("data", (chunk: Buffer) => {
      taken += chunk.byteLength;
      if (!sent && fault.afterBytes !== undefined && taken >= fault.afterBytes) {
        sent = true;
        send();
      }
    });
    request.on("end", () => {
      if (!sent) send();
    });
  }

  function relay(
    answer: IncomingMessage,
    request: IncomingMessage,
    response: ServerResponse,
    fault: FaultKind | undefined,
  ) {
    let headers: Record<string, string | undefined> = {};
    for (const [name, value] of Object.entries(answer.headers)) headers[name] = Array.isArray(value) ? value[0] : value;
    if (fault?.do === "lose-answer") {
      answer.resume();
      answer.on("end", () => request.socket.destroy());
      return;
    }
    if (fault?.do === "headers") headers = fault.set(headers);
    if (fault?.do === "pack") headers = { ...headers, "content-encoding": fault.by, "content-length": undefined };
    const size = Number(headers["content-length"] ?? 0);
    const isHead = request.method === "HEAD";
    if (fault?.do === "truncate" && !isHead && size > fault.to) headers["content-length"] = String(fault.to);
    if (fault?.do === "lengthen" && !isHead && size > 0) headers["content-length"] = String(size + 7);
    const clean = Object.fromEntries(
      Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== undefined),
    );
    response.writeHead(answer.statusCode ?? 502, clean);
    if (isHead) {
      answer.resume();
      response.end();
      return;
    }
    if (fault?.do === "pack") Readable.from(packed(answer, fault.by)).pipe(response);
    else void pump(answer, request, response, fault);
  }

  async function pump(
    answer: IncomingMessage,
    request: IncomingMessage,
    response: ServerResponse,
    fault: FaultKind | undefined,
  ) {
    let out = 0;
    try {
      for await (const piece of answer) {
        let chunk = piece as Buffer;
        if (fault?.do === "corrupt" && out === 0 && chunk.byteLength > 0) {
          chunk = Buffer.from(chunk);
          const at = chunk.byteLength >> 1;
          chunk[at] = (chunk[at] as number) ^ 1;
        }
        if (fault?.do === "cut-down" && out + chunk.byteLength >= fault.after) {
          response.write(chunk.subarray(0, fault.after - out), () => request.socket.destroy());
          return;
        }
        if (fault?.do === "stall-body" && out + chunk.byteLength >= fault.after) {
          response.write(chunk.subarray(0, fault.after - out));
          return;
        }
        if (fault?.do === "truncate" && out + chunk.byteLength >= fault.to) {
          response.end(chunk.subarray(0, fault.to - out));
          return;
        }
        if (fault?.do === "drip") {
          for (let at = 0; at < chunk.byteLength; at += fault.bytes) {
            response.write(chunk.subarray(at, at + fault.bytes));
            await new Promise((resolve) => setTimeout(resolve, fault.pauseMs));
          }
        } else if (!response.write(chunk)) {
          await new Promise<void>((resolve) => {
            const go = () => {
              response.off("drain", go).off("close", go);
              resolve();
            };
            response.once("drain", go).once("close", go);
          });
        }
        out += chunk.byteLength;
        if (response.destroyed) return;
      }
      if (fault?.do === "lengthen") response.end(Buffer.alloc(7, 120));
      else response.end();
    } catch {
      response.destroy();
    }
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    url: `http://${host}`,
    faults,
    seen,
    close: () =>
      new Promise((resolve) => {
        agent.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What kind of API call a request is: for matching. */
export function callOf(request: { method: string; path: string }): string {
  const path = request.path.split("?")[0] ?? "";
  const query = request.path.split("?")[1] ?? "";
  if (path === "/v2/") return "ping";
  if (path.includes("/blobs/uploads/")) {
    if (request.method === "POST") return query.includes("mount=") ? "mount" : "start";
    return { PATCH: "patch", PUT: "commit", GET: "status" }[request.method] ?? "other";
  }
  if (path.includes("/blobs/")) return request.method === "HEAD" ? "head-blob" : "get-blob";
  if (path.includes("/manifests/")) {
    return { HEAD: "head-manifest", GET: "get-manifest", PUT: "put-manifest" }[request.method] ?? "other";
  }
  if (path.endsWith("/tags/list")) return "tags";
  return "other";
}
