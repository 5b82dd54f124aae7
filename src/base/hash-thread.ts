/**
 * SHA-2 beside the main thread, for streams of many megabytes: hashing costs more than everything else that is done with a
 * layer. Chunks in shared memory are hashed where they lie; others are copied there first. Threads are started when first
 * needed, used by many streams, and never keep the process alive by themselves.
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

const PIECE_BYTES = 512 * 1024;
const MAX_THREADS = 4;

/** Plain JavaScript: it runs as it stands, from the sources as from the bundle. */
const THREAD = `
const { parentPort } = require("node:worker_threads");
const { createHash } = require("node:crypto");
const hashes = new Map();
parentPort.on("message", ([id, memory, start, end, last]) => {
  let entry = hashes.get(id);
  if (!entry) hashes.set(id, (entry = { hash: createHash(memory), memories: [] }));
  else if (last) {
    hashes.delete(id);
    parentPort.postMessage([id, last === "digest" ? entry.hash.digest("hex") : ""]);
  } else {
    if (typeof memory !== "number") entry.memories.push(new Uint8Array(memory));
    const bytes = typeof memory === "number" ? entry.memories[memory] : entry.memories.at(-1);
    entry.hash.update(bytes.subarray(start, end));
    parentPort.postMessage([id]);
  }
});`;

export interface ThreadedHash {
  /** Resolves when the chunk's memory may be used for something else. One call at a time. */
  update(chunk: Uint8Array): Promise<void>;
  /** Hex. Ends the hash. */
  digest(): Promise<string>;
  /** Ends a hash that nobody wants to know any more; harmless after `digest`. */
  abandon(): void;
}

interface Thread {
  worker: Worker;
  open: Map<number, { answered(hex: string | undefined): void; failed(error: Error): void }>;
}

const threads: Thread[] = [];
let lastId = 0;

/** Memory that a hash thread can read too. */
export function sharedBuffer(bytes: number): Buffer {
  return Buffer.from(new SharedArrayBuffer(bytes));
}

export function createThreadedHash(algorithm: "sha256" | "sha512"): ThreadedHash {
  const thread = freeThread();
  const id = ++lastId;
  const memories: ArrayBufferLike[] = [];
  let copies: { bytes: Buffer; filled: number } | undefined;
  let failure: Error | undefined;
  let waiting: { resolve(hex: string): void; reject(error: Error): void } | undefined;
  let ended = false;

  if (thread.open.size === 0) thread.worker.ref();
  thread.open.set(id, {
    answered: (hex) => waiting?.resolve(hex ?? ""),
    failed(error) {
      failure = error;
      waiting?.reject(error);
    },
  });
  thread.worker.postMessage([id, algorithm]);

  function ask(...message: unknown[]): Promise<string> {
    return new Promise((resolve, reject) => {
      if (failure) reject(failure);
      else waiting = { resolve, reject };
      thread.worker.postMessage([id, ...message]);
    });
  }

  async function hash(bytes: Uint8Array): Promise<void> {
    let memory: number | ArrayBufferLike = memories.indexOf(bytes.buffer);
    if (memory < 0) memories.push((memory = bytes.buffer));
    await ask(memory, bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  }

  async function flush(): Promise<void> {
    if (!copies || copies.filled === 0) return;
    await hash(copies.bytes.subarray(0, copies.filled));
    copies.filled = 0;
  }

  function close(): void {
    ended = true;
    thread.open.delete(id);
    if (thread.open.size === 0) thread.worker.unref();
  }

  return {
    async update(chunk) {
      if (chunk.buffer instanceof SharedArrayBuffer) {
        await flush();
        return hash(chunk);
      }
      copies ??= { bytes: sharedBuffer(PIECE_BYTES), filled: 0 };
      for (let at = 0; at < chunk.byteLength; ) {
        const part = chunk.subarray(at, at + PIECE_BYTES - copies.filled);
        copies.bytes.set(part, copies.filled);
        at += part.byteLength;
        if ((copies.filled += part.byteLength) === PIECE_BYTES) await flush();
      }
    },
    async digest() {
      try {
        await flush();
        return await ask(0, 0, 0, "digest");
      } finally {
        close();
      }
    },
    abandon() {
      if (ended) return;
      thread.worker.postMessage([id, 0, 0, 0, "abandon"]);
      close();
    },
  };
}

/** The one with the least to do; a new one while there are processors for it. */
function freeThread(): Thread {
  const least = threads.reduce<Thread | undefined>((a, b) => (a && a.open.size <= b.open.size ? a : b), undefined);
  // One processor is for the main thread.
  const wanted = Math.max(1, Math.min(MAX_THREADS, availableParallelism() - 1));
  if (least && (least.open.size === 0 || threads.length >= wanted)) return least;
  return startThread();
}

function startThread(): Thread {
  const thread: Thread = { worker: new Worker(THREAD, { eval: true, execArgv: [] }), open: new Map() };
  threads.push(thread);
  thread.worker.unref();
  thread.worker.on("message", ([id, hex]: [number, string?]) => thread.open.get(id)?.answered(hex));
  thread.worker.on("error", (error: Error) => {
    threads.splice(threads.indexOf(thread), 1);
    for (const one of thread.open.values()) one.failed(error);
  });
  return thread;
}
