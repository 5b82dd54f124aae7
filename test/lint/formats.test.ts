/**
 * The formats for other programs, held against what these programs ask for: GitLab's Code Quality widget, GitHub's workflow
 * commands, readers of Checkstyle and JUnit files. (SARIF has its schema in lint.test.ts.)
 */
import { spawnSync } from "node:child_process";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/check/types.ts";
import { reporters } from "../../src/generated/reporters.ts";
import { findProgram } from "../../src/sandbox/program.ts";

const NASTY = 'a, b: 100% <of> & "quoted"\r\nsecond line \u0001 \ud800 é 💥';
const at = (startLine: number, endLine = startLine) => ({ startLine, startColumn: 3, endLine, endColumn: 9 });
const FINDINGS: Finding[] = [
  { rule: "DL3006", severity: "warning", message: NASTY, location: { file: "a b/Dockerfile", region: at(2) } },
  { rule: "DL3006", severity: "warning", message: NASTY, location: { file: "a b/Dockerfile", region: at(9) } },
  { rule: "KN001", severity: "error", message: "x", location: { file: "a b/Dockerfile", region: at(3, 5) } },
  { rule: "KN091", severity: "info", message: "y", location: { file: "x,y:z%.Dockerfile" } },
];
const FILES = ["a b/Dockerfile", "x,y:z%.Dockerfile", 'clean "<&>"/Dockerfile'];

function report(id: string): string {
  const reporter = reporters.find((one) => one.id === id);
  if (!reporter) throw new Error(`no format ${id}`);
  return reporter.report({
    findings: FINDINGS,
    files: FILES,
    rules: [],
    textOf: () => undefined,
    profile: "gke",
    version: "1.0.0",
    style: (_, text) => text,
  });
}

describe("gitlab", () => {
  it("has what the widget needs of each finding", () => {
    const valid = new Ajv({ allErrors: true }).compile({
      type: "array",
      items: {
        type: "object",
        required: ["description", "check_name", "fingerprint", "severity", "location"],
        properties: {
          description: { type: "string", minLength: 1 },
          check_name: { type: "string", minLength: 1 },
          fingerprint: { type: "string", pattern: "^[0-9a-f]{32,}$" },
          severity: { enum: ["info", "minor", "major", "critical", "blocker"] },
          location: {
            type: "object",
            required: ["path", "lines"],
            properties: {
              // Relative to the repository, without ./ before it.
              path: { type: "string", pattern: "^(?![./]{0,2}/)" },
              lines: { type: "object", required: ["begin"], properties: { begin: { type: "integer", minimum: 1 } } },
            },
          },
        },
      },
    });
    const issues = JSON.parse(report("gitlab")) as { fingerprint: string }[];
    expect(valid(issues), JSON.stringify(valid.errors)).toBe(true);
    expect(issues).toHaveLength(FINDINGS.length);
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(FINDINGS.length);
  });
});

describe("github", () => {
  /** As actions/runner reads a command: properties between the first blank and `::`, escapes undone. */
  const parse = (line: string) => {
    const [, command, properties = "", message = ""] = /^::(\w+) ([^:]*)::(.*)$/.exec(line) ?? [];
    const plain = (text: string): string =>
      text.replace(/%(25|0D|0A|3A|2C)/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
    const pairs = properties.split(",").map((pair) => pair.split("=", 2).map(plain));
    return { command, properties: Object.fromEntries(pairs) as Record<string, string>, message: plain(message) };
  };

  it("is one command a finding, which says the same when read", () => {
    const commands = report("github").split("\n").map(parse);
    expect(commands.map(({ command }) => command)).toEqual(["warning", "warning", "error", "notice"]);
    expect(commands.map(({ message }) => message)).toEqual(FINDINGS.map(({ message }) => message));
    expect(commands.map(({ properties }) => properties["file"])).toEqual(FINDINGS.map(({ location }) => location.file));
    expect(commands[0]?.properties).toMatchObject({
      line: "2",
      endLine: "2",
      col: "3",
      endColumn: "9",
      title: "DL3006",
    });
    // The runner refuses columns where a command spans lines.
    expect(commands[2]?.properties).not.toHaveProperty("col");
  });
});

describe.skipIf(!findProgram("python3"))("XML, read by Expat", () => {
  type Element = { tag: string; attributes: Record<string, string>; children: Element[] };
  const read = (text: string): Element => {
    const script =
      "import sys, json, xml.etree.ElementTree as E\n" +
      "def f(e): return dict(tag=e.tag, attributes=e.attrib, children=[f(c) for c in e])\n" +
      "print(json.dumps(f(E.fromstring(sys.stdin.buffer.read()))))";
    const run = spawnSync("python3", ["-c", script], { input: text, encoding: "utf8" });
    expect(run.stderr).toBe("");
    return JSON.parse(run.stdout) as Element;
  };
  const SHOWN = NASTY.replace("\u0001", "\ufffd").replace("\ud800", "\ufffd");

  it("checkstyle: a file each, an error each", () => {
    const root = read(report("checkstyle"));
    expect([root.tag, root.attributes["version"]]).toEqual(["checkstyle", expect.any(String)]);
    expect(root.children.map(({ tag, attributes }) => [tag, attributes["name"]])).toEqual(
      FILES.map((f) => ["file", f]),
    );
    const errors = root.children.flatMap(({ children }) => children);
    for (const { tag, attributes } of errors) {
      expect(tag).toBe("error");
      expect(attributes["line"]).toMatch(/^[1-9]\d*$/);
      expect(attributes["column"]).toMatch(/^[1-9]\d*$/);
      expect(["error", "warning", "info", "ignore"]).toContain(attributes["severity"]);
    }
    expect(errors.map(({ attributes }) => attributes["source"])).toEqual(FINDINGS.map(({ rule }) => rule));
    expect(errors[0]?.attributes["message"]).toBe(SHOWN);
  });

  it("junit: counts agree, every case is named, a clean file passes", () => {
    const root = read(report("junit"));
    expect(root.tag).toBe("testsuites");
    const suites = root.children;
    expect(suites.map(({ tag, attributes }) => [tag, attributes["name"]])).toEqual(FILES.map((f) => ["testsuite", f]));
    const failures = (element: Element): Element[] => element.children.filter(({ tag }) => tag === "failure");
    for (const suite of suites) {
      expect(Number(suite.attributes["tests"])).toBe(suite.children.length);
      expect(Number(suite.attributes["failures"])).toBe(suite.children.flatMap(failures).length);
      for (const one of suite.children) {
        expect(one.tag).toBe("testcase");
        expect(one.attributes["name"]).toBeTruthy();
        expect(one.attributes["classname"]).toBeTruthy();
      }
    }
    const sum = (key: string): number => suites.reduce((all, { attributes }) => all + Number(attributes[key]), 0);
    expect([root.attributes["tests"], root.attributes["failures"]].map(Number)).toEqual([
      sum("tests"),
      sum("failures"),
    ]);
    expect(suites.at(-1)?.attributes["failures"]).toBe("0");
    expect(suites[0]?.children[0]?.children[0]?.attributes["message"]).toBe(SHOWN);
  });
});
