/**
 * The ways in which programs come to be bound to localhost when nobody says otherwise, one small program each:
 * `localhost/LANGUAGE.txt` holds them, `=== name`, then `--- path` before each file. `| none` after the name is one that
 * may be reached.
 */
import { describe, expect, it } from "vitest";
import { lintSource } from "../../src/pipeline/source-lint.ts";
import { lintProgram, programs } from "./programs.ts";

/** A listener that may be reached, under a condition, beside one on localhost: with TLS only it is no server for the service. */
it.each([
  ["cert", true],
  ["cert !== null", true],
  ['cert !== ""', true],
  ["!cert.isEmpty()", true],
  ["tls && !cert.isEmpty()", true],
  ['host === "" && cert', true],
  ["!cert", false],
  ["cert === null", false],
  ["cert.isEmpty()", false],
  ["!(cert !== null)", false],
  ["!tls || cert === null", false],
  ["tls !== undefined", true],
  ["process.env.HTTPS === 'on'", true],
  ["process.env.HTTPS !== 'off'", true],
  ["!process.env.DISABLE_TLS", true],
  ["tls === undefined", false],
  ["cert.length === 0", false],
  ["tls !== true", false],
  ["process.env.HTTPS !== 'on'", false],
  ["process.env.HTTPS === 'off'", false],
  ["process.env.DISABLE_TLS", false],
  ["process.env.NO_HTTPS === '1'", false],
])("a listener if %s is one for TLS: %s", async (test, tls) => {
  const local = async (before: string): Promise<boolean> => {
    const text = `const http = require("http");
const { cert, tls, host } = require("./settings");
if (${test}) ${before}http.createServer(f).listen(process.env.PORT);
http.createServer(f).listen(process.env.PORT, "127.0.0.1");
`;
    const read = async (): Promise<Buffer> => Buffer.from(text);
    const found = await lintSource({ root: ".", files: () => ["server.js"].values(), read });
    return found.some((f) => f.rule === "KS002" && f.severity !== "info");
  };
  expect(await local("")).toBe(tls);
  expect(await local("warn(); else ")).toBe(!tls);
});

describe.each(["go", "rust", "jvm", "csharp", "javascript", "python", "ruby", "php"])(
  "localhost by default in %s",
  (language) => {
    it.each(programs("localhost", language))("$name", async ({ found: local, files }) => {
      const findings = await lintProgram(files);
      expect(findings.some((f) => f.rule === "KS002" && f.severity !== "info")).toBe(local);
    });
  },
);
