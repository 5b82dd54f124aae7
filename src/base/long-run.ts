/** Known beforehand: this run will take long, and what costs something at its beginning pays (`scripts/pack-loader.mjs`). */

/** Event of `process`. */
export const LONG_RUN = "knbuild:long-run";

export function expectLongRun(): void {
  (process as NodeJS.EventEmitter).emit(LONG_RUN);
}
