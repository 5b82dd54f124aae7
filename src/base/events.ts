/** What the library says while it works: it never prints. The CLI draws these; embedders may listen. */
import { monotonicMs } from "./clock.ts";

export type KnbuildEvent =
  /** `bytes`: the size of what is moved, where that is what the step does. */
  | { type: "step-start"; id: string; label: string; bytes?: number }
  | { type: "step-progress"; id: string; doneBytes?: number; totalBytes?: number; note?: string }
  | {
      type: "step-end";
      id: string;
      label: string;
      bytes?: number;
      durationMs: number;
      cached?: boolean;
      note?: string;
    }
  | { type: "warning"; code: string; message: string; hint?: string | undefined; where?: string | undefined }
  | { type: "info"; message: string }
  | { type: "log"; source: string; line: string };

export type Warning = Extract<KnbuildEvent, { type: "warning" }>;

export type Emit = (event: KnbuildEvent) => void;

export const silent: Emit = () => {};

/** A warning as one line. */
export function warningLine({ code, message, where }: Warning): string {
  return `${code}: ${message}${where ? ` (${where})` : ""}`;
}

/** Runs `task` between a step-start and a step-end event. */
export async function step<T>(
  emit: Emit,
  id: string,
  label: string,
  task: (progress: (note: string) => void) => Promise<T>,
  describe?: (result: T) => { cached?: boolean; note?: string },
): Promise<T> {
  const begin = monotonicMs();
  emit({ type: "step-start", id, label });
  const result = await task((note) => emit({ type: "step-progress", id, note }));
  emit({ type: "step-end", id, label, durationMs: monotonicMs() - begin, ...describe?.(result) });
  return result;
}
