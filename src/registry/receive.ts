/**
 * Large bodies straight from the socket into memory that is used again. node:http gives each 64 KiB its own buffer and a trip
 * through two streams, which costs three times what receiving them does. The parser sees an answer's head as always; from
 * there on the socket's bytes are the body, as many as Content-Length says, and the connection ends with it.
 */
import type http from "node:http";
import type { Agent, AgentOptions, IncomingMessage } from "node:http";
import type { OnReadOpts, Socket } from "node:net";
import type { ByteStream } from "../base/streams.ts";

/** Smaller bodies are not worth a connection. */
export const LARGE_BODY_BYTES = 4 * 1024 * 1024;
const BLOCK_BYTES = 2 * 1024 * 1024;
/** Handed on at once; less is worth waiting for more, for a little while. */
const ENOUGH_BYTES = BLOCK_BYTES / 2;
const GATHER_MS = 10;
const SPARE_BLOCKS = 16;

/** Heads, and bodies that the parser reads. Shared by all sockets: what is in it is handed on before anything else happens. */
const head = Buffer.allocUnsafeSlow(64 * 1024);
/** Shared memory: hash threads read it where it lies. */
const spare: Buffer[] = [];
const receivers = new WeakMap<Socket, Receiver>();

interface Receiver {
  /** Takes what came; false when there is no more room. Without it the parser gets everything. */
  take?: (chunk: Buffer) => boolean;
  /** Where the next bytes are to be put. */
  room?: () => Buffer;
}

/** An agent whose connections can hand over large bodies. `Base` is http.Agent or https.Agent. */
export function receivingAgent(Base: typeof http.Agent, options: AgentOptions): Agent {
  const agent = new Base(options) as Agent & { createConnection(...args: [object, ...unknown[]]): Socket };
  const connect = agent.createConnection;
  agent.createConnection = (target, ...rest) => {
    const receiver: Receiver = {};
    const onread: OnReadOpts = {
      buffer: () => receiver.room?.() ?? head,
      callback(size, buffer) {
        const chunk = buffer.subarray(0, size) as Buffer;
        if (receiver.take) return receiver.take(chunk);
        socket.emit("data", Buffer.from(chunk));
        return true;
      },
    };
    const socket = connect.call(agent, { ...target, onread }, ...rest);
    receivers.set(socket, receiver);
    return socket;
  };
  return agent;
}

/**
 * The body of an answer whose head has just come, before anything else happens. Chunks are good until the next one is asked
 * for; whoever reads them drops the connection afterwards.
 * @returns undefined when this connection or this answer is not for it
 */
export function takeLargeBody(response: IncomingMessage): ByteStream | undefined {
  const size = Number(response.headers["content-length"] ?? 0);
  const receiver = receivers.get(response.socket);
  if (!receiver || !(size >= LARGE_BODY_BYTES) || response.headers["transfer-encoding"] !== undefined) return undefined;
  return receive(receiver, response, size);
}

function receive(receiver: Receiver, response: IncomingMessage, size: number): ByteStream {
  const { socket } = response;
  const free: Block[] = [newBlock(), newBlock()];
  const ready: Block[] = [];
  /** TLS may give more than it was asked for: what came after the blocks were full. */
  const overflow: Buffer[] = [];
  let filling: Block | undefined = free.pop();
  let lent: Block | undefined;
  /** Bytes that are still to come. */
  let missing = size;
  let early: Buffer | undefined;
  let paused = false;
  let failure: Error | undefined;
  let wake: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;

  /** What the parser has read of the body before it was told to stop. */
  function begin(): void {
    if (early !== undefined) return;
    early = (response.read() as Buffer | null) ?? Buffer.alloc(0);
    missing -= early.byteLength;
  }

  function hasEnough(): boolean {
    return (
      ready.length > 0 || (filling?.size ?? 0) >= ENOUGH_BYTES || overflow.length > 0 || missing === 0 || !!failure
    );
  }

  function announce(): void {
    if (!wake) return;
    if (hasEnough()) wake();
    else timer ??= setTimeout(() => wake?.(), GATHER_MS);
  }

  receiver.room = () => (filling ? filling.bytes.subarray(filling.size) : head);
  receiver.take = (chunk) => {
    begin();
    const useful = chunk.subarray(0, missing);
    missing -= useful.byteLength;
    for (let at = 0; at < useful.byteLength; ) {
      if (overflow.length > 0 || !filling) {
        overflow.push(Buffer.from(useful.subarray(at)));
        break;
      }
      const part = useful.subarray(at, at + BLOCK_BYTES - filling.size);
      const inPlace =
        part.buffer === filling.bytes.buffer && part.byteOffset === filling.bytes.byteOffset + filling.size;
      if (!inPlace) filling.bytes.set(part, filling.size);
      filling.size += part.byteLength;
      at += part.byteLength;
      if (filling.size < BLOCK_BYTES) continue;
      ready.push(filling);
      filling = free.pop();
    }
    announce();
    paused = filling === undefined && missing > 0;
    return !paused;
  };
  const lost = (error?: Error | boolean) => {
    failure ??= error instanceof Error ? error : Object.assign(new Error("closed"), { code: "ECONNRESET" });
    announce();
  };
  socket.once("error", lost).once("close", lost);

  function nextBlock(): Block | undefined {
    const block = ready.shift() ?? (filling && filling.size > 0 ? filling : undefined);
    if (block && block === filling) filling = undefined;
    return block;
  }

  function goOn(): void {
    filling ??= free.pop();
    if (!paused || !filling || overflow.length > 0) return;
    paused = false;
    socket.resume();
  }

  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      begin();
      if (early && early.byteLength > 0) yield early;
      for (;;) {
        goOn();
        if (!hasEnough()) {
          await new Promise<void>((resolve) => {
            wake = resolve;
            if (filling && filling.size > 0) announce();
          });
          wake = undefined;
          clearTimeout(timer);
          timer = undefined;
        }
        lent = nextBlock();
        const chunk = lent ? lent.bytes.subarray(0, lent.size) : overflow.shift();
        goOn();
        if (chunk) {
          yield chunk;
          if (lent) free.push({ bytes: lent.bytes, size: 0 });
          lent = undefined;
        } else if (missing === 0) return;
        else if (failure) throw failure;
      }
    } finally {
      socket.off("error", lost).off("close", lost);
      receiver.take = () => false;
      delete receiver.room;
      const blocks = [...free, ...ready, ...(filling ? [filling] : []), ...(lent ? [lent] : [])];
      spare.push(...blocks.map((block) => block.bytes).slice(0, Math.max(0, SPARE_BLOCKS - spare.length)));
    }
  }
  return read();
}

interface Block {
  bytes: Buffer;
  size: number;
}

function newBlock(): Block {
  return { bytes: spare.pop() ?? Buffer.from(new SharedArrayBuffer(BLOCK_BYTES)), size: 0 };
}
