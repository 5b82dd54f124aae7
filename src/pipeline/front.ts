/** One address for instances that come and go: connections are passed on to the newest that answers. */
import { connect, createServer, type Server, type Socket } from "node:net";
import { usageError } from "../base/errors.ts";
import { isPortFree } from "../sandbox/wait-for-answer.ts";

export interface Front {
  url: string;
  /** Where new connections go from now on; those that are open stay where they are. */
  to(address: { host: string; port: number }): void;
  close(): Promise<void>;
}

/** @param port 0 or absent: any free one @throws PORT_IN_USE */
export async function openFront(port?: number): Promise<Front> {
  if (port && !(await isPortFree(port))) throw usageError("PORT_IN_USE", `port ${port} is in use on this machine`);
  let target: { host: string; port: number } | undefined;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    if (!target) return void socket.destroy();
    const onward = connect(target);
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      open.add(one);
      one.setNoDelay(true);
      one.on("error", () => other.destroy());
      one.on("close", () => open.delete(one));
      one.pipe(other);
    }
  });
  const bound = await listen(server, port ?? 0);
  return {
    url: `http://127.0.0.1:${bound}`,
    to: (address) => {
      target = address;
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of open) socket.destroy();
      }),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
}
