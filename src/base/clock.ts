/** A clock that only goes forward; `performance` is a module of its own, which node loads when it is first used. */

/** Milliseconds since some moment before. */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}
