/** Lines out of a container's two streams, for any number of readers, with the recent ones remembered for latecomers. */
import type { Readable } from "node:stream";
import type { LogLine } from "./types.ts";

const REMEMBERED = 1000;
/** A line without an end is cut here, so that a process that never writes one cannot fill the memory. */
const LONGEST = 64 * 1024;

export interface LogLines extends AsyncIterable<LogLine> {
  /** Reads a stream to its end; resolves then. */
  attach(stream: LogLine["stream"], source: Readable): Promise<void>;
  /** Ends all iterations once they have given what there is. */
  close(): void;
  /** The last lines, oldest first. */
  recent(count: number): LogLine[];
}

export function createLogLines(): LogLines {
  const remembered: LogLine[] = [];
  const readers = new Set<(line: LogLine | null) => void>();
  let closed = false;

  function push(line: LogLine): void {
    remembered.push(line);
    if (remembered.length > REMEMBERED) remembered.shift();
    for (const reader of readers) reader(line);
  }

  return {
    attach(stream, source) {
      let partial = "";
      source.setEncoding("utf8");
      source.on("data", (text: string) => {
        const lines = (partial + text).split("\n");
        partial = lines.pop() ?? "";
        for (const line of lines) push({ stream, line: line.replace(/\r$/, "") });
        if (partial.length > LONGEST) {
          push({ stream, line: partial });
          partial = "";
        }
      });
      return new Promise((resolve) => {
        const done = () => {
          if (partial) push({ stream, line: partial });
          partial = "";
          resolve();
        };
        source.once("close", done);
        source.once("error", () => source.destroy());
      });
    },
    close() {
      closed = true;
      for (const reader of readers) reader(null);
    },
    recent: (count) => remembered.slice(-count),
    async *[Symbol.asyncIterator]() {
      const queue: (LogLine | null)[] = [...remembered];
      let wake: (() => void) | undefined;
      const reader = (line: LogLine | null) => {
        queue.push(line);
        wake?.();
      };
      if (closed) queue.push(null);
      else readers.add(reader);
      try {
        for (;;) {
          const line = queue.shift();
          if (line) yield line;
          else if (line === null) return;
          else await new Promise<void>((resolve) => (wake = resolve));
        }
      } finally {
        readers.delete(reader);
      }
    },
  };
}
