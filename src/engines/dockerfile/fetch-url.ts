/** ADD of a URL: the file into the store, by its checksum where the Dockerfile gives one. */
import { createHash } from "node:crypto";
import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { posix } from "node:path";
import { type Digest, digestAlgorithm, digestHex, isDigest } from "../../base/digest.ts";
import { errorMessage, KnbuildError } from "../../base/errors.ts";
import { createProxySelector, isSocks, proxyAuthorization } from "../../base/proxy.ts";
import type { ByteStream } from "../../base/streams.ts";
import type { LayerStore } from "../../layer/materialize.ts";
import { proxyAgent } from "../../registry/proxy-agent.ts";
import type { FileNode } from "./file-tree.ts";

export interface FetchOptions {
  store: LayerStore;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  checksum: string | undefined;
}

const MAX_REDIRECTS = 10;
const IDLE_TIMEOUT_MS = 60_000;
const MEDIA_TYPE = "application/octet-stream";

/** The name that a URL's file gets: the last part of its path. */
export function urlFileName(url: string): string {
  const name = posix.basename(new URL(url).pathname);
  return name === "" || name === "." ? "__unnamed__" : name;
}

/** @throws ADD_URL_FAILED, ADD_CHECKSUM_MISMATCH, ADD_CHECKSUM_INVALID */
export async function fetchUrl(url: string, options: FetchOptions): Promise<FileNode> {
  const { checksum, store } = options;
  if (checksum !== undefined && !isDigest(checksum)) {
    throw new KnbuildError({
      code: "ADD_CHECKSUM_INVALID",
      message: `not a checksum: ${checksum}`,
    });
  }
  const record = checksum && (store.readRecord("downloads", checksum.replace(":", "-")) as Stored | undefined);
  if (record && store.hasBlob(record.digest, record.size)) return toNode(record, store);
  const response = await follow(url, options);
  const hash = createHash(checksum === undefined ? "sha256" : digestAlgorithm(checksum));
  const stored: Stored = await store.ingest(watched(response, (chunk) => hash.update(chunk)));
  const found = hash.digest("hex");
  if (checksum !== undefined) {
    if (found !== digestHex(checksum)) {
      throw new KnbuildError({
        code: "ADD_CHECKSUM_MISMATCH",
        message: `${shownUrl(url)} has the checksum ${digestAlgorithm(checksum)}:${found}, not ${checksum}`,
        hint: "The file is another one than the Dockerfile expects: look at it before you change --checksum.",
      });
    }
    store.writeRecord("downloads", checksum.replace(":", "-"), stored);
  }
  return toNode(stored, store);
}

interface Stored {
  digest: Digest;
  size: number;
}

/** The builder gives downloads the mode 0600. */
function toNode({ digest, size }: Stored, store: LayerStore): FileNode {
  const open = (): ByteStream => store.openBlob({ mediaType: MEDIA_TYPE, digest, size });
  return { type: "file", mode: 0o600, uid: 0, gid: 0, size, identity: digest, open };
}

async function* watched(source: ByteStream, see: (chunk: Uint8Array) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    see(chunk);
    yield chunk;
  }
}

async function follow(url: string, options: FetchOptions): Promise<IncomingMessage> {
  let current = new URL(url);
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    let response: IncomingMessage;
    try {
      response = await send(current, options);
    } catch (error) {
      throw failed(url, errorMessage(error), error);
    }
    const { statusCode = 0, headers } = response;
    if (statusCode === 200) return response;
    response.resume();
    if (statusCode < 300 || statusCode > 399 || !headers.location)
      throw failed(url, `invalid response status ${statusCode}`);
    current = new URL(headers.location, current);
    if (!/^https?:$/.test(current.protocol)) throw failed(url, `it leads to ${current.protocol}//`);
  }
  throw failed(url, "too many redirects");
}

async function send(url: URL, { env, signal }: FetchOptions): Promise<IncomingMessage> {
  const proxy = createProxySelector(env)(url);
  const headers: Record<string, string> = { "user-agent": "knbuild" };
  const secure = url.protocol === "https:";
  const tunnel = { connectMs: IDLE_TIMEOUT_MS, keepAlive: false, signal };
  const agent = proxy && (secure || isSocks(proxy)) ? await proxyAgent(proxy, secure, tunnel) : undefined;
  return new Promise((resolve, reject) => {
    let request: ClientRequest;
    if (proxy && !agent) {
      const authorization = proxyAuthorization(proxy);
      if (authorization) headers["proxy-authorization"] = authorization;
      const { hostname: host, port } = proxy;
      request = httpRequest({
        headers: { ...headers, host: url.host },
        host,
        port: port || 80,
        path: url.href,
        signal,
      });
    } else request = (secure ? httpsRequest : httpRequest)(url, { headers, signal, ...(agent && { agent }) });
    request.setTimeout(IDLE_TIMEOUT_MS, () => request.destroy(new Error(`no data for ${IDLE_TIMEOUT_MS / 1000} s`)));
    request.on("error", reject).on("response", resolve).end();
  });
}

function shownUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

function failed(url: string, why: string, cause?: unknown): KnbuildError {
  return new KnbuildError({
    code: "ADD_URL_FAILED",
    message: `cannot fetch ${shownUrl(url)}: ${why}`,
    hint: "Check the address and the network; HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY count.",
    cause,
  });
}
