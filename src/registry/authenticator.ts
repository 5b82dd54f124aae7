/**
 * Authentication by challenge, for one origin: the first request goes out bare; what the server asks for is then given to
 * this origin and to its token server, and to nobody else. Tokens are cached by scope and renewed before they end.
 */
import { monotonicMs } from "../base/clock.ts";
import { createSingleFlight } from "../base/concurrency.ts";
import { isKnbuildError } from "../base/errors.ts";
import type { Emit } from "../base/events.ts";
import { parseChallenges } from "./challenge.ts";
import type { CredentialSource, FoundCredential, Redactor } from "./credentials.ts";
import { isRefusal } from "./errors.ts";
import type { Hosts } from "./hosts.ts";
import { isTrustedRealm } from "./realm.ts";
import { coversScopes, formatScopes, isReadOnly, type Scope } from "./scope.ts";
import { basicAuthorization, parseRealm, requestToken, type Token, untrustedRealm } from "./token.ts";
import type { HttpRequest, HttpResponse } from "./transport.ts";

export interface Authenticator {
  /**
   * The Authorization header for these scopes; undefined: go without.
   * @param ownToken a token that no other request has used: some are good for a few requests only
   */
  authorization(scopes: readonly Scope[], ownToken?: boolean): Promise<string | undefined>;
  /** The server answered 401. @returns true when there is something new to try */
  refused(response: HttpResponse, scopes: readonly Scope[], used: string | undefined): Promise<boolean>;
  /** The server has said how it wants to be asked, or that it wants nothing. */
  readonly knowsMode: boolean;
  /** A ping was answered without a challenge: no login is wanted here. */
  wantsNothing(): void;
  hasLogin(scopes: readonly Scope[]): Promise<boolean>;
  /** Where the login comes from that is used now. */
  readonly login: { from: string } | undefined;
}

export interface AuthenticatorOptions {
  /** As in references. */
  registry: string;
  base: URL;
  credentials: CredentialSource;
  hosts: Hosts;
  /** Hosts that the user calls this registry's token servers; asked for when it names one outside its domain. */
  trustedRealms: () => Promise<readonly string[]>;
  /** Sends a request with retries, without credentials of its own. */
  send: (request: HttpRequest) => Promise<HttpResponse>;
  redactor: Redactor;
  emit: Emit;
}

type Mode =
  | { kind: "unknown" }
  | { kind: "none" }
  | { kind: "basic" }
  | { kind: "bearer"; realm: URL; service: string | undefined; answered: URL };

const LOGIN_FAILURES = new Set(["CLOUD_LOGIN_FAILED", "CREDENTIAL_HELPER_MISSING", "CREDENTIAL_HELPER_FAILED"]);

export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { registry, redactor } = options;
  let mode: Mode = { kind: "unknown" };
  let found: Promise<FoundCredential | undefined> | undefined;
  let current: FoundCredential | undefined;
  /** The login was refused, and an anonymous request was not. */
  let loginRefused = false;
  let toldRefusal = false;
  /** Why a cloud or a credential helper gave no login: told when it was needed. */
  let loginFailure: unknown;
  const tokens: { scopes: string[]; token: Token }[] = [];
  /** What the server itself asked for, by what we had asked for. */
  const demanded = new Map<string, string[]>();
  const flight = createSingleFlight<Token>();

  function credential(scopes: readonly Scope[]): Promise<FoundCredential | undefined> {
    if (loginRefused) return Promise.resolve(undefined);
    found ??= findLogin(scopes).then((answer) => {
      current = answer;
      if (answer?.credential.kind === "password") {
        redactor.learn(answer.credential.password);
        redactor.learn(Buffer.from(`${answer.credential.username}:${answer.credential.password}`).toString("base64"));
      } else if (answer) redactor.learn(answer.credential.token);
      return answer;
    });
    return found;
  }

  /** A public image is read without the login that a cloud refuses, or that a helper cannot give. */
  async function findLogin(scopes: readonly Scope[]): Promise<FoundCredential | undefined> {
    try {
      return await options.credentials.find(registry, scopes[0]?.repository ?? "");
    } catch (error) {
      if (!isKnbuildError(error) || !LOGIN_FAILURES.has(error.code)) throw error;
      loginFailure = error;
      return undefined;
    }
  }

  async function bearer(
    scopes: readonly Scope[],
    server: Extract<Mode, { kind: "bearer" }>,
    ownToken: boolean,
  ): Promise<string> {
    const login = await credential(scopes);
    if (login?.credential.kind === "registry-token") return `Bearer ${login.credential.token}`;
    const asked = formatScopes(scopes);
    const wanted = formatScopes(scopes, demanded.get(asked.join(" ")));
    const fetch = () => fetchToken(wanted, server, login, isReadOnly(asked));
    if (ownToken) return `Bearer ${(await fetch()).value}`;
    const now = monotonicMs();
    const cached = tokens.find((entry) => entry.token.expiresAtMs > now && coversScopes(entry.scopes, wanted));
    if (cached) return `Bearer ${cached.token.value}`;
    const token = await flight(wanted.join(" "), async () => {
      const fresh = await fetch();
      tokens.push({ scopes: wanted, token: fresh });
      return fresh;
    });
    return `Bearer ${token.value}`;
  }

  /** @param reads what it is for, whatever more the server wants to see asked for */
  async function fetchToken(
    scopes: string[],
    server: Extract<Mode, { kind: "bearer" }>,
    login: FoundCredential | undefined,
    reads: boolean,
  ): Promise<Token> {
    const ask = { realm: server.realm, service: server.service, scopes, registry };
    const trusts = (hosts: readonly string[]) => isTrustedRealm(options.base, server.realm, options.hosts, hosts);
    const trusted = login !== undefined && (trusts([]) || trusts(await options.trustedRealms()));
    if (login && !trusted && !reads) throw untrustedRealm(registry, server.realm, server.answered);
    if (!login || !trusted) {
      if (loginFailure !== undefined && !reads) throw loginFailure;
      try {
        return await requestToken({ ...ask, credential: undefined, from: undefined }, options.send, redactor);
      } catch (error) {
        throw isRefusal(error) ? (loginFailure ?? error) : error;
      }
    }
    try {
      return await requestToken({ ...ask, credential: login.credential, from: login.from }, options.send, redactor);
    } catch (error) {
      if (!isRefusal(error) || !reads) throw error;
      // A login that has run out must not keep anybody from a public image.
      let token: Token;
      try {
        token = await requestToken({ ...ask, credential: undefined, from: undefined }, options.send, redactor);
      } catch {
        throw error;
      }
      abandonLogin(login);
      return token;
    }
  }

  function dropToken(used: string | undefined): void {
    if (!used?.startsWith("Bearer ")) return;
    const value = used.slice("Bearer ".length);
    for (let i = tokens.length - 1; i >= 0; i--) if (tokens[i]?.token.value === value) tokens.splice(i, 1);
  }

  function abandonLogin(login: FoundCredential): void {
    if (loginRefused) return;
    loginRefused = true;
    if (toldRefusal) return;
    toldRefusal = true;
    options.emit({
      type: "warning",
      code: "REGISTRY_LOGIN_REFUSED",
      message: `${registry} refused the login from ${login.from}; reading goes on without it`,
      hint: "Log in again.",
    });
  }

  return {
    async authorization(scopes, ownToken = false) {
      if (mode.kind === "bearer") return bearer(scopes, mode, ownToken);
      if (mode.kind !== "basic") return undefined;
      const login = await credential(scopes);
      if (login?.credential.kind !== "password") return undefined;
      return basicAuthorization(login.credential.username, login.credential.password);
    },

    async refused(response, scopes, used) {
      const challenges = parseChallenges(response.headers["www-authenticate"]);
      if (challenges.length === 0) {
        // RFC 9110 15.5.2 wants a challenge: without one it may be a token that has just ended, or not the registry that speaks.
        dropToken(used);
        return true;
      }
      const bearerChallenge = challenges.find((challenge) => challenge.scheme === "bearer");
      if (bearerChallenge) {
        const { realm, service, scope } = bearerChallenge.parameters;
        mode = { kind: "bearer", realm: parseRealm(realm, response.url), service, answered: response.url };
        if (scope) demanded.set(formatScopes(scopes).join(" "), scope.split(" ").filter(Boolean));
        if (used?.startsWith("Bearer ")) {
          dropToken(used);
          if (loginFailure !== undefined) throw loginFailure;
          return current?.credential.kind !== "registry-token";
        }
        return true;
      }
      if (challenges.some((challenge) => challenge.scheme === "basic")) {
        // Without the login it is refused as well: then that was not the reason, or it is what has to be told.
        if (loginRefused) {
          // Sent before another request found that out.
          if (used) return true;
          loginRefused = false;
          mode = { kind: "basic" };
          return true;
        }
        const login = await credential(scopes);
        if (!login && loginFailure !== undefined) throw loginFailure;
        if (login?.credential.kind !== "password") return false;
        if (used?.startsWith("Basic ")) {
          if (!isReadOnly(formatScopes(scopes)) || mode.kind !== "basic") return true;
          abandonLogin(login);
          mode = { kind: "none" };
          return true;
        }
        mode = { kind: "basic" };
        return true;
      }
      return false;
    },

    get knowsMode() {
      return mode.kind !== "unknown";
    },
    wantsNothing() {
      if (mode.kind === "unknown") mode = { kind: "none" };
    },
    hasLogin: async (scopes) => (await credential(scopes)) !== undefined,
    get login() {
      return current;
    },
  };
}
