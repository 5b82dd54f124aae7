/** What the program knows of its own work beforehand: whether what makes code faster, and costs memory, pays (`scripts/pack-loader.mjs`). */

/** Events of `process`: from here on the run is a long one; hard work begins (true) or has ended (false). */
export const LONG_RUN = "knbuild:long-run";
export const HARD_WORK = "knbuild:hard-work";

const tell = process as NodeJS.EventEmitter;

export function expectLongRun(): void {
  tell.emit(LONG_RUN);
}

/** Much computing while little memory is in use. */
export async function hardWork<T>(work: () => Promise<T>): Promise<T> {
  tell.emit(HARD_WORK, true);
  try {
    return await work();
  } finally {
    tell.emit(HARD_WORK, false);
  }
}
