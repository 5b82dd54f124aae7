/** A SOCKS 5 server (RFC 1928, 1929) of a few lines, whose names mean what the test says. Keeps a log of what it was asked for. */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface SocksServer {
  port: number;
  /** `host:port` as the client sent it. */
  asked: string[];
  close(): void;
}

/** @param login `user:password`; @param route where a host and port lead, as `host:port`; undefined: "host unreachable" */
export async function startSocksServer(
  login: string,
  route: (asked: string) => string | undefined,
): Promise<SocksServer> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    const read = reader(socket);
    serve(socket, read).catch(() => socket.destroy());
  });

  async function serve(socket: Socket, read: (size: number) => Promise<Buffer>): Promise<void> {
    const [, methods = 0] = await read(2);
    const offered = await read(methods);
    if (!offered.includes(2)) return void socket.end(Buffer.from([5, 0xff]));
    socket.write(Buffer.from([5, 2]));
    const [, userLength = 0] = await read(2);
    const user = await read(userLength);
    const password = await read((await read(1))[0] as number);
    const good = `${user}:${password}` === login;
    socket.write(Buffer.from([1, good ? 0 : 1]));
    if (!good) return void socket.end();
    const [, , , kind] = await read(4);
    const host = kind === 3 ? (await read((await read(1))[0] as number)).toString() : (await read(4)).join(".");
    const name = `${host}:${(await read(2)).readUInt16BE()}`;
    asked.push(name);
    const to = route(name)?.split(":");
    const reply = (code: number) => Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]);
    if (!to) return void socket.end(reply(4));
    const upstream = connect(Number(to[1]), to[0], () => {
      socket.write(reply(0));
      upstream.pipe(socket).pipe(upstream);
    });
    sockets.add(upstream);
    upstream.on("error", () => socket.destroy());
    socket.on("close", () => upstream.destroy());
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function reader(socket: Socket): (size: number) => Promise<Buffer> {
  return async (size) => {
    if (size === 0) return Buffer.alloc(0);
    for (;;) {
      const bytes = socket.read(size) as Buffer | null;
      if (bytes) return bytes;
      await new Promise<void>((resolve, reject) => {
        socket.once("readable", resolve).once("close", () => reject(new Error("closed")));
      });
    }
  };
}
