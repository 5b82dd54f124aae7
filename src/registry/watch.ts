/**
 * The clock of a request: ends it when nothing moves. What the kernel still holds of a body counts as moving while it gets
 * less: megabytes lie there on a slow line, long after the last of them was handed over. So does an answer whose head comes in
 * drops.
 */
import { readFileSync } from "node:fs";
import type { ClientRequest } from "node:http";
import type { Socket } from "node:net";
import type { KnbuildError } from "../base/errors.ts";
import { timedOut } from "./network-error.ts";
import { publicUrl } from "./public-url.ts";

export interface Watch {
  arm(ms: number, doing: string): void;
  disarm(): void;
  /** Set when the time was up: why the connection was dropped. */
  readonly timeout: KnbuildError | undefined;
}

export function createWatch(client: ClientRequest, url: URL): Watch {
  let timer: NodeJS.Timeout | undefined;
  let timeout: KnbuildError | undefined;
  let action = "";
  let armedMs = 0;
  /** At half time: bytes that were not out, and bytes that had come; undefined in the first half. */
  let before: { unsent: number; received: number } | undefined;

  function look(): void {
    if (action === "") return;
    const now = { unsent: unsentBytes(client.socket), received: client.socket?.bytesRead ?? 0 };
    if (before === undefined || now.unsent < before.unsent || now.received > before.received) {
      before = now;
      timer?.refresh();
      return;
    }
    timeout = timedOut(armedMs, action, publicUrl(url), "The server or the network between is stuck. Try again.");
    client.destroy(timeout);
  }

  return {
    arm(ms, doing) {
      action = doing;
      before = undefined;
      // Once a chunk: re-arming an existing timer is far cheaper than making one.
      if (timer && armedMs === ms) {
        timer.refresh();
        return;
      }
      clearTimeout(timer);
      armedMs = ms;
      timer = setTimeout(look, ms / 2);
      // The connection keeps the process alive while it matters; the clock alone must not.
      timer.unref();
    },
    disarm() {
      action = "";
    },
    get timeout() {
      return timeout;
    },
  };
}

/** What node and the kernel hold of a connection's bytes; the kernel's part is known on Linux only. */
function unsentBytes(socket: Socket | null): number {
  if (!socket?.localPort || !socket.remotePort) return 0;
  const handle = (socket as unknown as { _handle?: { writeQueueSize?: number } | null })._handle;
  let bytes = handle?.writeQueueSize ?? socket.writableLength;
  const [own, other] = [socket.localPort, socket.remotePort].map((port) =>
    port.toString(16).toUpperCase().padStart(4, "0"),
  );
  // proc(5): local and remote address with their ports, the state, the queues to send and received, in hexadecimal.
  const line = new RegExp(`^ *\\d+: [0-9A-F]+:${own} [0-9A-F]+:${other} [0-9A-F]{2} ([0-9A-F]{8}):`, "m");
  for (const file of ["/proc/self/net/tcp", "/proc/self/net/tcp6"]) {
    try {
      bytes += Number.parseInt(line.exec(readFileSync(file, "latin1"))?.[1] ?? "0", 16);
    } catch {
      // Another system: the clock goes by what node knows.
    }
  }
  return bytes;
}
