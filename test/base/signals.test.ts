/** Signals that end work: joined ones, with as many listeners as a run has requests. */
import { once } from "node:events";
import { expect, test } from "vitest";
import { firstOf } from "../../src/base/signals.ts";

test("the first one aborts the joined one, with its reason", () => {
  const [a, b] = [new AbortController(), new AbortController()];
  const joined = firstOf(a.signal, b.signal);
  expect(joined.aborted).toBe(false);
  b.abort("second");
  expect(joined.reason).toBe("second");
});

test("many listeners are no warning on the user's terminal", async () => {
  const joined = firstOf(new AbortController().signal);
  const warned = Promise.race([once(process, "warning"), new Promise((done) => setTimeout(done, 50))]);
  for (let i = 0; i < 20; i++) joined.addEventListener("abort", () => {});
  expect(await warned).toBeUndefined();
});
