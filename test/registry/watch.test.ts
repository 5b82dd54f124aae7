/** The clock of a request over real sockets: what a slow reader takes is progress, a reader that stops is none. */
import type { ClientRequest } from "node:http";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { expect, it } from "vitest";
import { createWatch } from "../../src/registry/watch.ts";

const MIB = 1024 * 1024;

it.skipIf(process.platform !== "linux")("goes by what the kernel has sent", { timeout: 60_000 }, async () => {
  let peer: Socket | undefined;
  const server = createServer((socket) => {
    peer = socket.pause();
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.on("error", () => {});
  await new Promise<void>((resolve) => socket.once("connect", () => resolve()));
  let ended: Error | undefined;
  const request = { socket, destroy: (error: Error) => (ended = error) } as unknown as ClientRequest;
  const watch = createWatch(request, new URL("http://registry.example/v2/"));
  // More than both ends' kernels hold: node keeps the rest.
  socket.write(Buffer.alloc(32 * MIB));
  let taken = 0;
  const reader = setInterval(() => {
    for (let read = 0; read < MIB / 8; ) {
      const bytes = (peer?.read() as Buffer | null | undefined)?.byteLength ?? 0;
      if (bytes === 0) break;
      read += bytes;
      taken += bytes;
    }
  }, 20);
  const begin = performance.now();
  watch.arm(400, "sending");
  try {
    // Several times as long as may pass without a byte, and nobody arms the clock anew.
    while (performance.now() - begin < 2_000 && ended === undefined) await new Promise((go) => setTimeout(go, 50));
    expect(taken).toBeGreaterThan(0);
    expect(ended).toBeUndefined();
    clearInterval(reader);
    while (ended === undefined) await new Promise((go) => setTimeout(go, 50));
    expect(ended).toMatchObject({ code: "NETWORK_TIMEOUT", retryable: true });
    expect(watch.timeout).toBe(ended);
  } finally {
    clearInterval(reader);
    socket.destroy();
    peer?.destroy();
    server.close();
  }
});
