/** What the network does to a request, as errors. */
import { errnoCode, interrupted, isKnbuildError, KnbuildError } from "../base/errors.ts";
import { publicUrl } from "./public-url.ts";
import { isRetryableFailure, isRetryableStatus } from "./retry.ts";
import { tlsError } from "./tls-error.ts";

/** What to do about a proxy that does not work. */
export const PROXY_HINT =
  "Check HTTP_PROXY, HTTPS_PROXY and ALL_PROXY, or name the host in NO_PROXY when it is reached without a proxy.";

/** What broke a connection, for people. @param proxy the one that the request went through */
export function networkError(
  error: unknown,
  url: URL,
  proxy: URL | undefined,
  signal: AbortSignal | undefined,
): KnbuildError {
  if (signal?.aborted) return interrupted(signal.reason);
  if (isKnbuildError(error)) return error;
  const code = errnoCode(error) ?? "";
  const where = publicUrl(url);
  const tls = tlsError(error, url.host, where);
  if (tls) return tls;
  if (code === "ENOTFOUND") {
    return new KnbuildError({
      code: "NETWORK_HOST_UNKNOWN",
      message: proxy ? `the proxy's host ${proxy.hostname} is not known` : `the host ${url.hostname} is not known`,
      where,
      hint: proxy ? PROXY_HINT : "Check the name, the network, and whether a proxy is needed.",
      cause: error,
    });
  }
  if (code === "EAI_AGAIN" || code === "EAI_FAIL") {
    return new KnbuildError({
      code: "NETWORK_FAILED",
      message: `the name server does not say where ${proxy ? `the proxy's host ${proxy.hostname}` : url.hostname} is (${code})`,
      where,
      hint: "Check the network and its name servers (/etc/resolv.conf), then try again.",
      cause: error,
      retryable: true,
    });
  }
  if (code.startsWith("HPE_")) {
    return new KnbuildError({
      code: "NETWORK_FAILED",
      message: `what ${proxy && url.protocol === "http:" ? `the proxy ${proxy.host}` : url.host} answers is not proper HTTP: ${parserSays(error, code)}`,
      where,
      hint: "Something else than a registry listens there, or a proxy on the way spoils its answers.",
      cause: error,
      retryable: true,
    });
  }
  return new KnbuildError({
    code: "NETWORK_FAILED",
    message:
      code === "ECONNREFUSED"
        ? `nobody listens at ${proxy ? `the proxy ${proxy.host}` : url.host} (${code})`
        : `the connection ${proxy ? `through the proxy ${proxy.host} ` : ""}failed: ${code || (error as Error).message}`,
    where,
    hint: proxy ? PROXY_HINT : "Check the network and the server, then try again.",
    cause: error,
    retryable: isRetryableFailure(error) || code === "",
  });
}

/** The parser's own words, where it has some: "Content-Length already present". */
function parserSays(error: unknown, code: string): string {
  const { reason } = error as { reason?: unknown };
  return typeof reason === "string" && reason !== "" ? reason : code.slice(4).toLowerCase().replaceAll("_", " ");
}

/** Nothing moved for so long. @param doing what was being done meanwhile */
export function timedOut(ms: number, doing: string, where: string | undefined, hint: string): KnbuildError {
  return new KnbuildError({
    code: "NETWORK_TIMEOUT",
    message: `nothing happened for ${ms >= 1000 ? `${Math.round(ms / 1000)} s` : `${ms} ms`} while ${doing}`,
    where,
    hint,
    retryable: true,
  });
}

/** A proxy that does not do what it is asked: its answer is not the registry's. */
export function proxyRefused(proxy: URL, status: number, url: URL): KnbuildError {
  return new KnbuildError({
    code: "PROXY_REFUSED",
    message: `the proxy ${proxy.host} answered ${status} instead of connecting to ${url.host}`,
    where: publicUrl(url),
    hint:
      status === 407
        ? "It wants a login: write it into the variable that names the proxy (HTTP_PROXY, HTTPS_PROXY or ALL_PROXY), as http://user:password@host:port."
        : PROXY_HINT,
    retryable: isRetryableStatus(status),
  });
}

/** What a SOCKS proxy says instead of connecting. @param said the library's words, which name the proxy's reason */
export function socksRefused(proxy: URL, said: string, host: string): KnbuildError {
  const wantsLogin = /authentication/i.test(said);
  return new KnbuildError({
    code: "PROXY_REFUSED",
    message: `the proxy ${proxy.host} does not connect to ${host}: ${said}`,
    where: host,
    hint: wantsLogin
      ? "It wants a login: write it into the proxy's URL, as socks5://user:password@host:port."
      : PROXY_HINT,
    // RFC 1928 6: a rule of the proxy lasts, an unreachable host may pass.
    retryable: !wantsLogin && !/NotAllowed|NotSupported|invalid|too long/i.test(said),
  });
}
