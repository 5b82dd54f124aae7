/** The day, and a clock that only goes forward; `performance` is a module of its own, which node loads when it is first used. */

/** In UTC, as 2006-01-02: what is judged by dates holds for a day. */
export const today = (): string => new Date().toISOString().slice(0, 10);

/** Milliseconds since some moment before. */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}
