/** The hint under an app's last words. */
import { expect, it } from "vitest";
import { exitCause } from "../../src/pipeline/exit-cause.ts";

it.each([
  ["Error: EACCES: permission denied, mkdir '/etc/todos'", /may not write \/etc\/todos: .*below \/tmp/],
  ["  errno: -13,\n  code: 'EACCES',\n  syscall: 'mkdir',\n  path: '/data'", /may not write \/data:/],
  ["Error: EROFS: read-only file system, open '/app/log.txt'", /may not write \/app\/log\.txt:/],
  ["mkdir: Permission denied", /may not write there:/],
  ["MongoNetworkError: connect ECONNREFUSED 127.0.0.1:27017", /service that it does not reach \(127\.0\.0\.1:27017\)/],
  ["Error: getaddrinfo ENOTFOUND db.internal\n  at x", /does not reach \(db\.internal\)/],
  ["TypeError: x is not a function", /^A variable that must be set/],
])("%s", (words, hint) => {
  expect(exitCause(words)).toMatch(hint);
});
