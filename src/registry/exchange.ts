/** A request with its redirects. Credentials stay with the origin (scheme, host and port) that they were meant for. */
import { KnbuildError } from "../base/errors.ts";
import { protocolError } from "./errors.ts";
import type { Hosts } from "./hosts.ts";
import { publicUrl } from "./public-url.ts";
import type { HttpRequest, HttpResponse, Transport } from "./transport.ts";

export type Exchange = (request: HttpRequest) => Promise<HttpResponse>;

const MAX_REDIRECTS = 10;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** @throws REGISTRY_REDIRECTS, and what the transport throws */
export function createExchange(transport: Transport, hosts: Hosts): Exchange {
  return async (first) => {
    let request = first;
    for (let redirects = 0; ; redirects++) {
      const response = await transport.send(request);
      if (!REDIRECTS.has(response.status) || !response.headers["location"]) return response;
      await response.discard();
      const next = nextRequest(request, response, hosts);
      if (!next) return response;
      if (redirects >= MAX_REDIRECTS) {
        throw new KnbuildError({
          code: "REGISTRY_REDIRECTS",
          message: `more than ${MAX_REDIRECTS} redirects`,
          where: publicUrl(first.url),
          hint: "The server sends requests in a circle: its configuration is wrong.",
        });
      }
      request = next;
    }
  };
}

function nextRequest(request: HttpRequest, response: HttpResponse, hosts: Hosts): HttpRequest | undefined {
  const reads = request.method === "GET" || request.method === "HEAD";
  // 301 and 302 of a write have no agreed meaning, and 303 turns it into a read of something else.
  if (!reads && response.status !== 307 && response.status !== 308) return undefined;
  const url = resolveLocation(response.headers["location"] ?? "", request.url);
  if (url.protocol === "http:" && request.url.protocol === "https:" && !hosts.allowsPlain(url.hostname, url.host)) {
    throw protocolError(`a redirect from HTTPS to plain HTTP (${url.host}) was refused`, request.url);
  }
  const { headers } = request;
  if (url.origin === request.url.origin) return { ...request, url };
  const reached = url.host === request.url.host ? request.reached : undefined;
  // What the request is about goes along; what else was added to it was meant for this server.
  const about = Object.entries(headers).filter(([name]) => /^(?:accept|range|if-|content-)/i.test(name));
  return { ...request, url, reached, headers: Object.fromEntries(about) };
}

/** A Location header against the URL that it answers. @throws REGISTRY_PROTOCOL */
export function resolveLocation(location: string, base: URL): URL {
  let url: URL;
  try {
    url = new URL(location, base);
  } catch {
    throw protocolError(`the Location header is no URL: ${JSON.stringify(location.slice(0, 100))}`, base);
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw protocolError(`a Location with the scheme ${url.protocol} was refused`, base);
  }
  url.username = "";
  url.password = "";
  // A registry behind a TLS proxy that it does not know of names itself with http: the same host is meant.
  if (
    base.protocol === "https:" &&
    url.protocol === "http:" &&
    url.hostname === base.hostname &&
    ["", base.port].includes(url.port)
  ) {
    url.protocol = "https:";
    url.port = base.port;
  }
  return url;
}
