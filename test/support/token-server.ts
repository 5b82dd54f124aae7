/** A token server as distribution specifies it: signed JWTs for the scopes that a user may have. */
import { createPrivateKey, createSign, randomUUID, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

export interface TokenServerOptions {
  certFile: string;
  keyFile: string;
  service: string;
  /** name → password. */
  users: Record<string, string>;
  /** May this user (undefined: anonymous) do this? */
  allow: (user: string | undefined, repository: string, action: string) => boolean;
  /** Of this machine; default the loopback. */
  address?: string;
  /** Listens with TLS, under this name. */
  tlsName?: string;
  /** Seconds; default 300. */
  lifeSeconds?: number;
  refreshTokens?: Record<string, string>;
}

export interface TokenRequestSeen {
  user: string | undefined;
  scopes: string[];
  method: string;
  status: number;
}

export interface TokenServer {
  url: string;
  issuer: string;
  requests: TokenRequestSeen[];
  /** Failures to answer the next requests with. */
  failNext: (number | "reset")[];
  close(): Promise<void>;
}

export async function startTokenServer(options: TokenServerOptions): Promise<TokenServer> {
  const issuer = "knbuild test issuer";
  const requests: TokenRequestSeen[] = [];
  const failNext: (number | "reset")[] = [];
  const key = createPrivateKey(readFileSync(options.keyFile));
  const certificate = new X509Certificate(readFileSync(options.certFile));

  function sign(user: string | undefined, scopes: string[]): string {
    const access = scopes.map((scope) => {
      const [type = "", name = "", actions = ""] = scope.split(":");
      return { type, name, actions: actions.split(",").filter((action) => options.allow(user, name, action)) };
    });
    const now = Math.floor(Date.now() / 1000);
    const header = { typ: "JWT", alg: "RS256", x5c: [certificate.raw.toString("base64")] };
    const payload = {
      iss: issuer,
      sub: user ?? "",
      aud: options.service,
      exp: now + (options.lifeSeconds ?? 300),
      nbf: now - 5,
      iat: now,
      jti: randomUUID(),
      access,
    };
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const text = `${encode(header)}.${encode(payload)}`;
    return `${text}.${createSign("sha256").update(text).sign(key).toString("base64url")}`;
  }

  const answer: RequestListener = (request, response) => {
    void (async () => {
      const failure = failNext.shift();
      if (failure === "reset") {
        request.socket.destroy();
        return;
      }
      const url = new URL(request.url ?? "/", "http://localhost");
      let scopes = url.searchParams.getAll("scope").flatMap((scope) => scope.split(" "));
      let user: string | undefined;
      let refused = false;
      if (request.method === "POST") {
        const form = new URLSearchParams(await text(request));
        scopes = (form.get("scope") ?? "").split(" ");
        user = options.refreshTokens?.[form.get("refresh_token") ?? ""];
        refused = user === undefined;
      } else if (request.headers.authorization) {
        const [name = "", password] = Buffer.from(request.headers.authorization.replace(/^Basic /, ""), "base64")
          .toString()
          .split(/:(.*)/s);
        user = name;
        refused = options.users[name] !== password;
      }
      const status = failure ?? (refused ? 401 : 200);
      requests.push({ user, scopes, method: request.method ?? "", status });
      response.statusCode = status;
      response.setHeader("content-type", "application/json");
      if (status !== 200) {
        response.end(JSON.stringify({ errors: [{ code: "UNAUTHORIZED", message: "wrong user or password" }] }));
        return;
      }
      const token = sign(user, scopes.filter(Boolean));
      const expires = options.lifeSeconds ?? 300;
      response.end(JSON.stringify({ token, access_token: token, expires_in: expires }));
    })();
  };
  const server = options.tlsName
    ? createTlsServer({ cert: readFileSync(options.certFile), key: readFileSync(options.keyFile) }, answer)
    : createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, options.address ?? "127.0.0.1", resolve));
  return {
    url: `${options.tlsName ? `https://${options.tlsName}` : `http://${options.address ?? "127.0.0.1"}`}:${(server.address() as AddressInfo).port}/token`,
    issuer,
    requests,
    failNext,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function text(request: IncomingMessage): Promise<string> {
  let whole = "";
  for await (const chunk of request) whole += chunk;
  return whole;
}
