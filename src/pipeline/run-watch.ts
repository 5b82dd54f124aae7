/**
 * Runs a directory's image and, on every change, builds again, starts the new image beside the old instance, passes requests to it
 * once it answers, and stops the old one as the platform would. A build or a start that fails leaves the old instance serving.
 */

import type { Emit } from "../base/events.ts";
import { firstOf } from "../base/signals.ts";
import type { StopReport } from "../sandbox/types.ts";
import type { BuildOptions } from "./build-types.ts";
import { type Front, openFront } from "./front.ts";
import { type RunOptions, type RunSession, run } from "./run.ts";
import { builtImage } from "./transports.ts";
import { type Rebuild, watchBuild } from "./watch.ts";

export interface Swap extends Rebuild {
  session: RunSession;
  /** From the change to the new instance serving, ms. */
  swapMs: number;
}

export interface RunWatchHandlers {
  /** The first instance serves; `url` stays the same from now on. */
  serving(url: string, session: RunSession): void;
  swapped(swap: Swap): void;
  /** Nothing that matters at run time had changed: the instance stays. */
  same(rebuild: Rebuild): void;
  failed(error: unknown, changed: string[]): void;
}

/** Returns when the signal is aborted, with how the last instance stopped. @throws the error of the first build or start */
export async function runWatch(
  options: RunOptions & { build: Omit<BuildOptions, "dir"> },
  handlers: RunWatchHandlers,
  graceMs: number,
): Promise<StopReport | undefined> {
  const { cwd, env, emit, port, what, signal } = options;
  const front: Front = await openFront(port);
  const ended = new AbortController();
  let current: RunSession | undefined;
  let failure: unknown;
  try {
    const building: BuildOptions & { signal: AbortSignal } = {
      ...(cwd !== undefined && { cwd }),
      ...(env !== undefined && { env }),
      ...(emit !== undefined && { emit }),
      ...options.build,
      outputs: [{ type: "store" }],
      push: false,
      dir: what,
      signal: firstOf(signal, ended.signal),
    };
    const failed = (error: unknown, changed: string[]) => {
      if (current) return handlers.failed(error, changed);
      failure = error;
      ended.abort();
    };
    await watchBuild(building, {
      failed,
      async built(rebuild) {
        if (current?.digest === rebuild.report.digest) return handlers.same(rebuild);
        const begin = performance.now();
        try {
          // What the first start has told does not need telling again.
          const told: Emit = (event) => event.type === "warning" && emit?.(event);
          const quiet = current ? { emit: told } : {};
          const next = await run({ ...options, ...quiet, what: builtImage(rebuild.report), port: undefined });
          const old = current;
          current = next;
          front.to(next.container.address);
          if (!old) return handlers.serving(front.url, next);
          handlers.swapped({ ...rebuild, session: next, swapMs: rebuild.imageMs + performance.now() - begin });
          void old.container.stop(graceMs);
        } catch (error) {
          failed(error, rebuild.changed);
        }
      },
    });
    if (failure !== undefined) throw failure;
    return await current?.container.stop(graceMs);
  } catch (error) {
    await current?.container.stop(0);
    throw error;
  } finally {
    await front.close();
  }
}
