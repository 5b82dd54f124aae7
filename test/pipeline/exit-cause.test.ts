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
  ["ReferenceError: FEATURE_FLAGS is not defined", /^A variable that must be set/],
  ["Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'x'", /^A variable that must be set/],
  ["TypeError: Cannot read properties of undefined (reading 'MAX_SIZE')", /^A variable that must be set/],
  [
    "if (!process.env.DATABASE_URL) throw x;\nError: DATABASE_URL is required",
    /^It asks for DATABASE_URL: -e NAME=value/,
  ],
  ["No client secret. Set SESSION_SECRET environment variable.", /^It asks for SESSION_SECRET:/],
  ["error: Environment variable not found: DATABASE_URL.\n  -->  schema.prisma:8", /^It asks for DATABASE_URL:/],
  ["Missing required environment variables: JWT_SECRET, REDIS_URL", /^It asks for JWT_SECRET and REDIS_URL:/],
  ['Config validation error: "DB_HOST" is required', /^It asks for DB_HOST:/],
  ["KeyError: 'SECRET_KEY'", /^It asks for SECRET_KEY:/],
  [
    'Invalid env:\n{\n  "LOG_LEVEL": [\n    "Invalid option"\n  ],\n  "DATABASE_URL": [\n    "Required"\n  ]\n}',
    /^It asks for LOG_LEVEL and DATABASE_URL:/,
  ],
  [
    "Invalid environment variables: [\n  {\n    path: [ 'AUTH_SECRET' ],\n    message: 'expected string, received undefined'",
    /^It asks for AUTH_SECRET:/,
  ],
])("%s", (words, hint) => {
  expect(exitCause(words)).toMatch(hint);
});
