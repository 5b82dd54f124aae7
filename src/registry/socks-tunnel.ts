/** Through a SOCKS proxy, version 4 or 5 (RFC 1928, 1929): by an agent whose connections, TLS included, have a clock. Loaded where there is one. */
import { lookup } from "node:dns/promises";
import http from "node:http";
import https from "node:https";
import { connect, isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { SocksClient, type SocksProxy } from "socks";
import { errnoCode, errorMessage } from "../base/errors.ts";
import { socksRefused, timedOut } from "./network-error.ts";
import type { TunnelOptions } from "./tunnel.ts";

const DEFAULT_PORT = 1080;
const PROXY_HINT = "Check ALL_PROXY, HTTP_PROXY and HTTPS_PROXY, or name the registry in NO_PROXY.";

type Target = ConnectionOptions & { host: string; port: number | string; signal?: AbortSignal };
type Connected = (error: Error | null, socket?: Socket) => void;

/** @param secure the registry is spoken to in TLS, whose options come with each request */
export function socksAgent(proxy: URL, secure: boolean, { connectMs, keepAlive, signal }: TunnelOptions): http.Agent {
  const host = proxy.hostname.replace(/^\[|\]$/g, "");
  const port = Number(proxy.port || DEFAULT_PORT);
  const type = /^socks4/.test(proxy.protocol) ? 4 : 5;
  const login: Pick<SocksProxy, "userId" | "password"> = {
    ...(proxy.username && { userId: decodeURIComponent(proxy.username) }),
    ...(proxy.password && { password: decodeURIComponent(proxy.password) }),
  };

  /** The proxy looks names up, as it does for Go programs; the first SOCKS 4 knows addresses only. */
  async function destination(target: Target) {
    const byAddress = proxy.protocol === "socks4:" && isIP(target.host) !== 4;
    const address = byAddress ? (await lookup(target.host, { family: 4 })).address : target.host;
    return { host: address, port: Number(target.port) };
  }

  /** @param keep told of every socket there is, to be dropped when it takes too long */
  async function open(target: Target, keep: (socket: Socket) => void): Promise<Socket> {
    const raw = connect({ host, port, noDelay: true });
    keep(raw);
    await happened(raw, "connect");
    try {
      await SocksClient.createConnection({
        proxy: { host, port, type, ...login },
        destination: await destination(target),
        command: "connect",
        existing_socket: raw,
      });
    } catch (error) {
      // What the library throws carries the login.
      raw.destroy();
      if (errnoCode(error) !== undefined) throw error;
      throw socksRefused(proxy, errorMessage(error), target.host);
    }
    if (!secure) return raw;
    const servername = target.servername || (isIP(target.host) ? "" : target.host);
    const encrypted = connectTls({ ...target, port: Number(target.port), servername, socket: raw });
    keep(encrypted);
    await happened(encrypted, "secureConnect");
    return encrypted;
  }

  function createConnection(target: Target, connected: Connected): undefined {
    const sockets: Socket[] = [];
    const end = (reason: Error) => {
      for (const socket of sockets) socket.destroy(reason);
    };
    const doing = `connecting through the proxy ${proxy.host}`;
    const timer = setTimeout(() => end(timedOut(connectMs, doing, target.host, PROXY_HINT)), connectMs);
    const aborted = () => end(signal?.reason as Error);
    signal?.addEventListener("abort", aborted);
    open(target, (socket) => sockets.push(socket))
      .then(
        (socket) => connected(null, socket),
        (error: Error) => connected(error),
      )
      .finally(() => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", aborted);
      });
  }

  const { Agent } = secure ? https : http;
  return Object.assign(new Agent({ keepAlive }), { createConnection }) as unknown as http.Agent;
}

function happened(socket: Socket, event: "connect" | "secureConnect"): Promise<void> {
  return new Promise((resolve, reject) => {
    const closed = () => reject(Object.assign(new Error("the connection was closed"), { code: "ECONNRESET" }));
    socket.once("error", reject).once("close", closed);
    socket.once(event, () => {
      socket.off("error", reject).off("close", closed);
      resolve();
    });
  });
}
