/** Through a SOCKS proxy, version 4 or 5 (RFC 1928, 1929): by an agent whose connections, TLS included, have a clock. Loaded where there is one. */
import { lookup } from "node:dns/promises";
import http from "node:http";
import https from "node:https";
import { connect, isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { SocksClient, type SocksProxy } from "socks";
import { errorMessage } from "../base/errors.ts";
import { networkError, PROXY_HINT, socksRefused, timedOut } from "./network-error.ts";
import type { TunnelOptions } from "./tunnel.ts";

const DEFAULT_PORT = 1080;
/** What the protocol has one byte for the length of. */
const MAX_NAME_BYTES = 255;

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

  /**
   * The proxy looks names up, as it does for Go programs; the first SOCKS 4 knows addresses only.
   * @throws NETWORK_HOST_UNKNOWN, NETWORK_FAILED: of the registry, not of the proxy
   */
  async function destination(target: Target) {
    const to = { host: target.host, port: Number(target.port) };
    if (proxy.protocol !== "socks4:" || isIP(target.host) === 4) return to;
    try {
      return { ...to, host: (await lookup(target.host, { family: 4 })).address };
    } catch (error) {
      throw networkError(error, new URL(`${secure ? "https" : "http"}://${target.host}`), undefined, signal);
    }
  }

  /** @param keep told of every socket there is, at once: it may end it whenever it takes too long */
  async function open(target: Target, keep: (socket: Socket) => void): Promise<Socket> {
    // Before there is a socket: nobody would listen to it meanwhile.
    const to = await destination(target);
    if (Buffer.byteLength(to.host) > MAX_NAME_BYTES) throw socksRefused(proxy, "the name is too long", target.host);
    const raw = connect({ host, port, noDelay: true });
    keep(raw);
    await happened(raw, "connect");
    let broken: Error | undefined;
    const breaks = (error?: Error | boolean) => {
      broken ??= error instanceof Error ? error : reset();
    };
    raw.once("error", breaks).once("close", breaks);
    try {
      await SocksClient.createConnection({
        proxy: { host, port, type, ...login },
        destination: to,
        command: "connect",
        existing_socket: raw,
      });
    } catch (error) {
      // Of a connection that breaks the library tells nothing but words; and what it throws carries the login.
      throw broken ?? socksRefused(proxy, errorMessage(error), target.host);
    }
    raw.off("error", breaks).off("close", breaks);
    if (!secure) return raw;
    const servername = target.servername || (isIP(target.host) ? "" : target.host);
    const encrypted = connectTls({ ...target, port: Number(target.port), servername, socket: raw });
    keep(encrypted);
    await happened(encrypted, "secureConnect");
    return encrypted;
  }

  function createConnection(target: Target, connected: Connected): undefined {
    const sockets: Socket[] = [];
    let ended: Error | undefined;
    let fail: (reason: Error) => void = () => {};
    const end = (reason: Error) => {
      ended ??= reason;
      for (const socket of sockets) socket.destroy();
      fail(reason);
    };
    const doing = `connecting through the proxy ${proxy.host}`;
    const timer = setTimeout(() => end(timedOut(connectMs, doing, target.host, PROXY_HINT)), connectMs);
    const aborted = () => end(signal?.reason as Error);
    signal?.addEventListener("abort", aborted);
    const late = new Promise<never>((_, reject) => {
      fail = reject;
    });
    const opened = open(target, (socket) => {
      // A socket breaks more than once, and when nobody waits for it any more: that must not end the process.
      socket.on("error", () => {});
      sockets.push(socket);
      if (ended) socket.destroy();
    });
    Promise.race([opened, late])
      .then(
        (socket) => connected(null, socket),
        (error: Error) => {
          end(error);
          connected(error);
        },
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
    const closed = () => reject(reset());
    socket.once("error", reject).once("close", closed);
    socket.once(event, () => {
      socket.off("error", reject).off("close", closed);
      resolve();
    });
  });
}

function reset(): Error {
  return Object.assign(new Error("the connection was closed"), { code: "ECONNRESET" });
}
