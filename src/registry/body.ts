/** Writes a request body with back-pressure, and stops as soon as the server answers. */
import type { ClientRequest } from "node:http";
import type { RequestBody } from "./transport.ts";

export interface BodyWatcher {
  /** The server has answered already: what is left need not be sent. */
  answered(): boolean;
  /** We wait for the network to take bytes. */
  waiting(): void;
  /** We wait for our own source. */
  moving(): void;
}

/**
 * Resolves when the body is out, the server has answered or the connection is gone; rejects only when the source fails.
 * The last chunk is held back until the source has ended well: a source that finds its digest wrong at the very end must
 * not have completed an upload.
 */
export async function sendBody(client: ClientRequest, body: RequestBody, watcher: BodyWatcher): Promise<void> {
  const source = body.open()[Symbol.asyncIterator]();
  let gone = false;
  client.once("close", () => {
    gone = true;
  });
  const stopped = () => gone || client.destroyed || watcher.answered();
  let sent = 0;
  let finished = false;
  try {
    while (!stopped()) {
      const next = await source.next();
      if (next.done) {
        finished = true;
        break;
      }
      let chunk = next.value;
      sent += chunk.byteLength;
      if (sent >= body.size) {
        // Asking for the end ends the loan of the last chunk.
        chunk = Buffer.from(chunk);
        if (!(finished = (await source.next()).done === true)) {
          throw new RangeError(`the source gives more than ${body.size} bytes`);
        }
      }
      if (stopped()) return;
      watcher.waiting();
      await written(client, chunk, watcher);
      watcher.moving();
      body.onSent?.(chunk.byteLength);
      if (finished) break;
    }
    if (finished && sent !== body.size) throw new RangeError(`the source gives ${sent} bytes instead of ${body.size}`);
    if (!stopped()) client.end();
  } finally {
    if (!finished) await source.return?.();
  }
}

/** Resolves when the kernel has the bytes, or wants none any more: their memory is the source's again then. */
function written(client: ClientRequest, chunk: Uint8Array, watcher: BodyWatcher): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      client.off("close", done).off("error", done).off("response", done);
      resolve();
    };
    if (client.destroyed || watcher.answered()) resolve();
    else {
      client.once("close", done).once("error", done).once("response", done);
      client.write(chunk, done);
    }
  });
}
