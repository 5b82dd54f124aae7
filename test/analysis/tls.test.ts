/** The ways in which programs come to speak TLS, one small program each (`tls/LANGUAGE.txt`), and some that only look so. */
import { describe, expect, it } from "vitest";
import { lintProgram, programs } from "./programs.ts";

describe.each(["javascript", "python", "ruby", "php", "jvm"])("TLS servers in %s", (language) => {
  it.each(programs("tls", language))("$name", async ({ found, files }) => {
    const findings = await lintProgram(files);
    expect(findings.some((f) => /^KS01[01]$/.test(f.rule) && f.severity !== "info")).toBe(found);
  });
});

it("tells of a server with TLS once", async () => {
  const text =
    'require "webrick/https"\noptions = { Port: ENV["PORT"], BindAddress: "0.0.0.0" }\noptions = options.merge({ SSLEnable: true }) if ENV["TLS"]\nWEBrick::HTTPServer.new(options).start\n';
  const findings = await lintProgram(new Map([["app.rb", Buffer.from(text)]]));
  expect(findings.map((f) => f.rule).filter((rule) => rule === "KS010")).toHaveLength(1);
});
