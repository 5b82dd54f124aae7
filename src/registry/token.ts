/** Asking a token server for a bearer token: distribution "Token Authentication" (GET) and "OAuth2" (POST). */
import { monotonicMs } from "../base/clock.ts";
import { KnbuildError } from "../base/errors.ts";
import { readAll, streamOf } from "../base/streams.ts";
import { decoded } from "./content-coding.ts";
import type { Credential, Redactor } from "./credentials.ts";
import { protocolError, registryError } from "./errors.ts";
import { readFailure } from "./failed-answer.ts";
import { lasting } from "./retry.ts";
import type { HttpRequest, HttpResponse } from "./transport.ts";

export interface Token {
  value: string;
  /** By monotonicMs(): other clocks jump. */
  expiresAtMs: number;
}

export interface TokenRequest {
  realm: URL;
  service: string | undefined;
  /** As `formatScopes` writes them. */
  scopes: readonly string[];
  credential: Credential | undefined;
  registry: string;
  from: string | undefined;
}

const ANSWER_LIMIT = 1024 * 1024;
/** Distribution: "For compatibility with older clients, a token should never be returned with less than 60 seconds to live." */
const DEFAULT_LIFE_SECONDS = 60;

/** @throws REGISTRY_UNAUTHORIZED, REGISTRY_DENIED, REGISTRY_PROTOCOL and what `send` throws */
export async function requestToken(
  ask: TokenRequest,
  send: (request: HttpRequest) => Promise<HttpResponse>,
  redactor: Redactor,
): Promise<Token> {
  const begin = monotonicMs();
  const response = await send(
    ask.credential?.kind === "identity-token" ? refreshForm(ask, ask.credential.token) : tokenQuery(ask),
  );
  if (response.status !== 200) {
    const failure = await readFailure(response);
    const error = registryError(response, failure, {
      action: "get a token",
      redactor,
      registry: ask.registry,
      login: ask.from === undefined ? undefined : { from: ask.from },
    });
    // It was asked for again and again already.
    throw lasting(error);
  }
  const bytes = await decoded(await readAll(response.body, ANSWER_LIMIT), response, ANSWER_LIMIT);
  let answer: { token?: unknown; access_token?: unknown; expires_in?: unknown };
  try {
    answer = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw protocolError("the token server's answer is not JSON", ask.realm, undefined, true);
  }
  const value = answer?.token || answer?.access_token;
  if (typeof value !== "string") throw protocolError("the token server's answer holds no token", ask.realm);
  if (/[\r\n]/.test(value)) throw protocolError("the token server's token is no header value", ask.realm);
  redactor.learn(value);
  const life =
    typeof answer.expires_in === "number" && answer.expires_in > 0 ? answer.expires_in : DEFAULT_LIFE_SECONDS;
  // Counted from before the request, less a tenth: it must still be good when it arrives.
  return { value, expiresAtMs: begin + life * 900 };
}

function tokenQuery(ask: TokenRequest): HttpRequest {
  const url = new URL(ask.realm.href);
  if (ask.service !== undefined) url.searchParams.set("service", ask.service);
  for (const scope of ask.scopes) url.searchParams.append("scope", scope);
  const headers: Record<string, string> = {};
  if (ask.credential?.kind === "password") {
    url.searchParams.set("account", ask.credential.username);
    headers["authorization"] = basicAuthorization(ask.credential.username, ask.credential.password);
  }
  return { method: "GET", url, headers };
}

function refreshForm(ask: TokenRequest, token: string): HttpRequest {
  const form = new URLSearchParams({ grant_type: "refresh_token", client_id: "knbuild", refresh_token: token });
  if (ask.service !== undefined) form.set("service", ask.service);
  form.set("scope", ask.scopes.join(" "));
  const bytes = Buffer.from(form.toString());
  return {
    method: "POST",
    url: ask.realm,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: { size: bytes.byteLength, open: () => streamOf(bytes) },
  };
}

export function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** The realm of a challenge. @throws REGISTRY_PROTOCOL */
export function parseRealm(text: string | undefined, answered: URL): URL {
  try {
    const url = new URL(text ?? "");
    if (url.protocol === "http:" || url.protocol === "https:") return url;
  } catch {
    // Said below.
  }
  throw protocolError(`the registry's token server is no URL: ${JSON.stringify((text ?? "").slice(0, 100))}`, answered);
}

export function untrustedRealm(registry: string, realm: URL, answered: URL): KnbuildError {
  return new KnbuildError({
    code: "REALM_UNTRUSTED",
    message: `${registry} wants its login sent to ${realm.protocol}//${realm.host}, which is not its own`,
    where: `${answered.origin}/v2/`,
    hint: untrustedHint(registry, realm, answered),
  });
}

function untrustedHint(registry: string, realm: URL, answered: URL): string {
  const plain = realm.protocol === "http:";
  if (plain && answered.protocol === "https:")
    return "A registry that speaks TLS must name a token server that does, too: a login is not sent in the clear.";
  const key = `trustedRealms: { "${registry}": ["${realm.host}"] }`;
  const flag = plain ? `, and call with --plain-http ${realm.host}` : "";
  return `If this token server is really the registry's, say so in knbuild.yaml: ${key}${flag}`;
}
