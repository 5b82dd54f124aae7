/**
 * What stays between the builds of one process that watches: esbuild's own incremental context, which keeps what it parsed. One
 * at a time, for the app that was bundled last; other options are another context.
 */
import { type BuildContext, type BuildOptions, type BuildResult, context, transform } from "esbuild";

/** How every run of esbuild here is made: the bytes come back instead of being written. */
export type OwnBuildOptions = BuildOptions & { write: false; metafile: true };
type OwnBuildResult = BuildResult<OwnBuildOptions>;

export interface BundleSession {
  /**
   * @param key names everything in the options that is data
   * @param hooks what this build asks for while esbuild works; plug-ins of an earlier build are given them by `current`
   */
  build<H>(key: string, hooks: H, make: (current: () => H) => OwnBuildOptions): Promise<OwnBuildResult>;
  /** Starts esbuild and loads what an edit needs, so that the first one does not wait for it. */
  warm(): Promise<void>;
  close(): Promise<void>;
}

interface Kept {
  key: string;
  slot: { hooks: unknown };
  context: BuildContext<OwnBuildOptions>;
}

export function createBundleSession(): BundleSession {
  let kept: Kept | undefined;
  async function close(): Promise<void> {
    const old = kept;
    kept = undefined;
    await old?.context.dispose();
  }
  return {
    async build(key, hooks, make) {
      if (kept?.key !== key) {
        await close();
        const slot = { hooks };
        kept = { key, slot, context: await context(make(() => slot.hooks)) };
      }
      kept.slot.hooks = hooks;
      return kept.context.rebuild();
    },
    async warm() {
      await Promise.all([transform(""), import("./analyze.ts"), import("./own-replay.ts")]);
    },
    close,
  };
}
