/** `lint` on real files: fixes, baselines, overrides, pragmas, ignore files, formats. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import addFormatsModule from "ajv-formats";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { reporters } from "../../src/generated/reporters.ts";
import { type LintReport, lint } from "../../src/pipeline/lint.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "knbuild-lint-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const put = (path: string, text: string): void => {
  mkdirSync(join(dir, path, ".."), { recursive: true });
  writeFileSync(join(dir, path), text);
};
const ids = (report: LintReport): string[] => report.findings.map(({ rule }) => rule);
const BAD = "FROM debian:13\nRUN apt install -y curl=1\nMAINTAINER me\nUSER 10001\nCMD exec x\n";

describe("files", () => {
  it("finds Dockerfiles below a directory, by all their names", async () => {
    for (const path of [
      "Dockerfile",
      "a/Dockerfile.dev",
      "b/api.Dockerfile",
      "c/Containerfile",
      "node_modules/x/Dockerfile",
      "d/Dockerfile.dockerignore",
      "e/notes.txt",
    ])
      put(path, BAD);
    const report = await lint({ paths: ["."], cwd: dir, source: false });
    expect(report.files).toEqual(["Dockerfile", "a/Dockerfile.dev", "b/api.Dockerfile", "c/Containerfile"]);
  });

  it("judges a source file that is named, or named for standard input, as source", async () => {
    const text = 'require("http").createServer(() => {}).listen(3000, "127.0.0.1");\n';
    put("src/server.js", text);
    const named = await lint({ paths: ["src/server.js"], cwd: dir });
    expect(named.files).toEqual(["src/server.js"]);
    expect(ids(named)).toContain("KS001");
    expect(ids(named).filter((id) => !id.startsWith("KS"))).toEqual([]);
    const piped = await lint({ paths: [], cwd: dir, stdin: { text, file: "src/piped.js" } });
    expect(ids(piped)).toEqual(ids(named));
    expect(piped.textOf("src/piped.js")).toBe(text);
  });

  it("refuses a path that is not there", async () => {
    await expect(lint({ paths: ["nope"], cwd: dir })).rejects.toMatchObject({ code: "LINT_PATH_MISSING", exitCode: 2 });
  });

  it("takes the .dockerignore beside a Dockerfile, its own before the general one", async () => {
    put("Dockerfile", "FROM debian:13\nCOPY secret /x/\n");
    put(".dockerignore", "secret\n");
    const only = ["CopyIgnoredFile"];
    expect(ids(await lint({ paths: ["Dockerfile"], cwd: dir, only }))).toEqual(["CopyIgnoredFile"]);
    put("Dockerfile.dockerignore", "other\n");
    expect(ids(await lint({ paths: ["Dockerfile"], cwd: dir, only }))).toEqual([]);
  });
});

it("a source file that may not be read is not passed over, however often it is asked for", async () => {
  put("app/package.json", '{"name":"a","scripts":{"start":"node server.js"}}');
  put("app/server.js", 'require("http").createServer().listen(3000);');
  chmodSync(dir, 0o777);
  chmodSync(join(dir, "app/server.js"), 0);
  vi.stubEnv("KNBUILD_CACHE_DIR", join(dir, "cache"));
  // Root reads what nobody may.
  const become = (user: string | number) => process.getuid?.() === 0 && process.seteuid?.(user);
  become("nobody");
  try {
    for (const _time of ["first", "second"])
      await expect(lint({ paths: ["app"], cwd: dir })).rejects.toMatchObject({
        code: "LINT_UNREADABLE",
        message: expect.stringContaining("app/server.js"),
        exitCode: 2,
      });
  } finally {
    become(0);
    vi.unstubAllEnvs();
  }
});

it("a file that is written for another front end is not judged as Docker's", async () => {
  const text = "INCLUDE base.dockerfile\nFROM base\nCMD app\n";
  for (const frontEnd of ["devthefuture/dockerfile-x", "example.com/team/own:1 # why"]) {
    put("Dockerfile", `# syntax=${frontEnd}\n${text}`);
    const { findings } = await lint({ paths: ["Dockerfile"], cwd: dir });
    expect(findings.map(({ rule, severity }) => `${rule} ${severity}`)).toEqual(["KN000 info"]);
    expect(findings[0]?.message).toMatch(/^(?:devthefuture|example).*\(INCLUDE\)/);
  }
  for (const frontEnd of ["docker/dockerfile:1", "mirror.example/docker/dockerfile-upstream:master"]) {
    put("Dockerfile", `# syntax=${frontEnd}\n${text}`);
    const { findings } = await lint({ paths: ["Dockerfile"], cwd: dir, only: ["KN000"] });
    expect(findings[0]).toMatchObject({ severity: "error", message: "unknown instruction: INCLUDE" });
  }
});

describe("fixes", () => {
  const UPDATE = "RUN apt-get update && apt-get install -y a=1";
  const CLEAN = " && rm -rf /var/lib/apt/lists/*";
  it.each([
    ["lists that a later RUN needs stay", `FROM debian:13\n${UPDATE}\nRUN apt-get install -y b=1\n`, undefined],
    [
      "lists that a stage on this one needs stay",
      `FROM debian:13 AS a\n${UPDATE}\nFROM a\nRUN apt-get install -y b=1\n`,
      undefined,
    ],
    [
      "lists that are fetched anew go",
      `FROM debian:13\n${UPDATE}\n${UPDATE}${CLEAN}\n`,
      `FROM debian:13\n${UPDATE}${CLEAN}\n${UPDATE}${CLEAN}\n`,
    ],
    ["BusyBox' wget", "FROM alpine:3.22\nRUN wget https://a\n", "FROM alpine:3.22\nRUN wget -q https://a\n"],
    [
      "GNU's wget on Alpine",
      "FROM alpine:3.22\nRUN apk add --no-cache wget=1 && wget https://a\n",
      "FROM alpine:3.22\nRUN apk add --no-cache wget=1 && wget --progress=dot:giga https://a\n",
    ],
    ["ENTRYPOINT that would take CMD's words", 'FROM debian:13\nENTRYPOINT app\nCMD ["--help"]\n', undefined],
    ["CMD of a shell", 'FROM debian:13\nENTRYPOINT ["sh", "-c"]\nCMD node server.js\n', undefined],
    [
      "ENTRYPOINT alone",
      'FROM debian:13 AS a\nCMD ["a"]\nFROM debian:13\nENTRYPOINT app\n',
      'FROM debian:13 AS a\nCMD ["a"]\nFROM debian:13\nENTRYPOINT ["app"]\n',
    ],
  ])("%s", async (_, text, fixed) => {
    put("Dockerfile", text);
    const only = ["DL3009", "DL3047", "DL3025"];
    const report = await lint({ paths: ["Dockerfile"], cwd: dir, only, fix: "preview" });
    expect(report.fixed[0]?.text).toBe(fixed);
  });

  it("are shown as a diff, then written, then gone", async () => {
    put("Dockerfile", BAD);
    const preview = await lint({ paths: ["Dockerfile"], cwd: dir, fix: "preview" });
    expect(preview.fixed[0]?.diff).toContain("+RUN apt-get install -y curl=1");
    expect(readFileSync(join(dir, "Dockerfile"), "utf8")).toBe(BAD);
    await lint({ paths: ["Dockerfile"], cwd: dir, fix: "apply" });
    const text = readFileSync(join(dir, "Dockerfile"), "utf8");
    expect(text).toContain('LABEL org.opencontainers.image.authors="me"');
    expect(ids(await lint({ paths: ["Dockerfile"], cwd: dir }))).not.toContain("DL4000");
  });
});

describe("configuration", () => {
  it("sets severities by file, understands hadolint's keys, refuses what it does not know", async () => {
    put("Dockerfile", BAD);
    put("legacy/Dockerfile", BAD);
    put(
      "lint.json",
      JSON.stringify({
        rules: { DL3027: "error" },
        overrides: [{ files: ["legacy/**"], rules: { MaintainerDeprecated: "off" } }],
        ignored: ["DL3015"],
      }),
    );
    const report = await lint({ paths: ["."], cwd: dir, configFile: "lint.json", source: false });
    expect(report.findings.filter(({ rule }) => rule === "DL4000").map(({ location }) => location.file)).toEqual([
      "Dockerfile",
    ]);
    expect(report.findings.find(({ rule }) => rule === "DL3027")?.severity).toBe("error");
    put("bad.json", JSON.stringify({ rules: { DL3027: "loud" } }));
    await expect(lint({ paths: ["."], cwd: dir, configFile: "bad.json" })).rejects.toMatchObject({
      code: "LINT_CONFIG_INVALID",
      exitCode: 2,
    });
  });

  it("holds for the files below it, the nearest first, and ends at the top of a repository", async () => {
    const only = ["DL3027"];
    const severities = async (...paths: string[]) =>
      (await lint({ paths, cwd: dir, only, source: false })).findings.map(({ location, severity }) => [
        location.file,
        severity,
      ]);
    put("Dockerfile", BAD);
    put("api/deep/Dockerfile", BAD);
    put("other/Dockerfile", BAD);
    put("other/.git/HEAD", "");
    put("old/Dockerfile", BAD);
    put("knbuild.yaml", "lint: { rules: { DL3027: info }, exclude: ['old'] }\n");
    // It says nothing of linting: the one above holds.
    put("api/deep/knbuild.yaml", "env: { A: b }\n");
    const expected = [
      ["Dockerfile", "info"],
      ["api/deep/Dockerfile", "info"],
      ["other/Dockerfile", "warning"],
    ];
    expect(await severities(".")).toEqual(expected);
    put("api/.hadolint.yaml", "override: { error: [DL3027] }\n");
    expect(await severities("api")).toEqual([["api/deep/Dockerfile", "error"]]);
    put("api/deep/package.json", JSON.stringify({ knbuild: { lint: { rules: { DL3027: "info" } } } }));
    rmSync(join(dir, "api/deep/knbuild.yaml"));
    expect(await severities("api")).toEqual([["api/deep/Dockerfile", "info"]]);
    const stdin = { text: BAD, file: "other/x.Dockerfile" };
    expect((await lint({ paths: [], cwd: dir, only, stdin })).findings[0]?.severity).toBe("warning");
  });

  it("runs rules asked for by alias, and refuses unknown ones with the nearest", async () => {
    put("Dockerfile", 'FROM debian:13\nCMD ["a"]\nCMD ["b"]\n');
    const report = await lint({ paths: ["Dockerfile"], cwd: dir, only: ["MultipleInstructionsDisallowed"] });
    expect(report.findings.map(({ rule, location }) => [rule, location.region?.startLine])).toEqual([["DL4003", 2]]);
    await expect(lint({ paths: ["Dockerfile"], cwd: dir, only: ["KN00I"] })).rejects.toMatchObject({
      code: "LINT_RULE_UNKNOWN",
      hint: expect.stringContaining("KN00"),
    });
  });

  it("pragmas of all three, an idle one reported", async () => {
    put(
      "Dockerfile",
      "FROM debian:13\n# hadolint ignore=DL3003\nRUN cd /a\n# check=skip=MaintainerDeprecated\nMAINTAINER me\n# knbuild ignore=DL3027,DL3009 reason=old\nRUN apt list\n",
    );
    const found = ids(await lint({ paths: ["Dockerfile"], cwd: dir, source: false }));
    for (const silenced of ["DL3003", "DL4000", "DL3027"]) expect(found).not.toContain(silenced);
    expect(found).toContain("KN101");
  });

  it.each(["CKV2_DOCKER_2", "CKV2_DOCKER_5,DS-0017", "DS017 , CKV2_DOCKER_5"])(
    "pragma of %s, with all that ids are written with",
    async (asked) => {
      put(
        "Dockerfile",
        `FROM debian:13\n# knbuild ignore=${asked} reason=old\nRUN PYTHONHTTPSVERIFY=0 apt-get update\n`,
      );
      const options = { paths: ["Dockerfile"], cwd: dir, source: false };
      const judged = ["CKV2_DOCKER_2", "DS017"];
      const count = ids(await lint(options)).filter((id) => judged.includes(id)).length;
      expect(count).toBe(judged.length - asked.split(",").length);
      expect(ids(await lint(options))).not.toContain("KN101");
    },
  );

  it("BuildKit's comment above an instruction: about that one only, and not about checks of the whole file", async () => {
    const lines = async (only: string, text: string): Promise<(number | undefined)[]> => {
      put("Dockerfile", text);
      const { findings } = await lint({ paths: ["Dockerfile"], cwd: dir, source: false, only: [only] });
      return findings.map(({ location }) => location.region?.startLine);
    };
    const skip = "# check=skip=all";
    expect(await lines("LegacyKeyValueFormat", `FROM debian:13\n${skip}\nENV a b\nENV c d\n`)).toEqual([4]);
    expect(await lines("DuplicateStageName", `FROM debian:13 AS a\n${skip}\nFROM debian:13 AS a\n`)).toEqual([3]);
    // The one that overrides is looked at, and the overridden one reported.
    expect(await lines("MultipleInstructionsDisallowed", `FROM debian:13\n${skip}\nCMD a\nCMD b\n`)).toEqual([3]);
    expect(await lines("MultipleInstructionsDisallowed", `FROM debian:13\nCMD a\n${skip}\nCMD b\n`)).toEqual([]);
  });
});

it("fixes all findings of a long file, more than a report shows", async () => {
  put("Dockerfile", `FROM debian:13\n${"RUN apt update\n".repeat(1500)}`);
  const { fixed } = await lint({ paths: ["Dockerfile"], cwd: dir, only: ["DL3027"], fix: "preview" });
  expect(fixed[0]?.text).not.toContain("RUN apt update");
});

it("what stands in an override that nobody reads is an error", async () => {
  put("Dockerfile", BAD);
  for (const override of ["{ paths: ['*'], ignore: [DL3027] }", "{ ignore: [DL3027] }"]) {
    put("knbuild.yaml", `lint: { overrides: [${override}] }\n`);
    await expect(lint({ paths: ["Dockerfile"], cwd: dir })).rejects.toMatchObject({ code: "LINT_CONFIG_INVALID" });
  }
});

it("a baseline lets an old repository start clean and shows what is new, wherever lines have moved", async () => {
  put("Dockerfile", BAD);
  const first = await lint({ paths: ["Dockerfile"], cwd: dir, baseline: "known/base.json" });
  expect(first.findings).toEqual([]);
  put("Dockerfile", `# moved\n\n${BAD.replace("USER", "RUN cd /x\nUSER")}`);
  expect(ids(await lint({ paths: ["Dockerfile"], cwd: dir, baseline: "known/base.json" }))).toContain("DL3003");
  expect(ids(await lint({ paths: ["Dockerfile"], cwd: dir, baseline: "known/base.json" }))).not.toContain("DL4000");
});

it("the baseline may stand in the configuration, relative to it", async () => {
  put("app/Dockerfile", BAD);
  put("app/knbuild.yaml", "lint: { baseline: base.json }\n");
  const first = await lint({ paths: ["app"], cwd: dir, source: false });
  expect([first.findings, first.baselineWritten]).toEqual([[], join(dir, "app/base.json")]);
  put("app/Dockerfile", BAD.replace("USER", "RUN cd /x\nUSER"));
  expect(ids(await lint({ paths: ["app"], cwd: dir, source: false }))).toContain("DL3003");
  expect(ids(await lint({ paths: ["app"], cwd: dir, source: false }))).not.toContain("DL4000");
  put("app/knbuild.yaml", "lint: { baseline: true }\n");
  await expect(lint({ paths: ["app"], cwd: dir })).rejects.toThrow("baseline: must be the name of a file");
});

it("exit codes follow the threshold", async () => {
  put("Dockerfile", "FROM debian:13@sha256:" + "0".repeat(64) + '\nHEALTHCHECK CMD ["a"]\nUSER 1\nCMD ["a"]\n');
  const failing = async (failOn?: "warning" | "info" | "never"): Promise<number> => {
    const report = await lint({ paths: ["Dockerfile"], cwd: dir, ...(failOn && { failOn }) });
    expect(ids(report)).toEqual(["KN060"]);
    return report.failing;
  };
  expect([await failing(), await failing("warning"), await failing("info"), await failing("never")]).toEqual([
    0, 0, 1, 0,
  ]);
  put("knbuild.yaml", "lint: { failOn: info }\n");
  expect([await failing(), await failing("never")]).toEqual([1, 0]);
});

/** OASIS's own schema. It is of draft 4, whose keywords mean the same where it uses them; only the names of its head differ. */
const validSarif = (() => {
  const require = createRequire(import.meta.url);
  const file = require.resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
  const { $schema: _draft, id: _id, ...schema } = JSON.parse(readFileSync(file, "utf8"));
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  (addFormatsModule as unknown as (ajv: Ajv) => void)(ajv);
  return ajv.compile(schema);
})();

describe("formats", () => {
  it.each(reporters.map((reporter) => [reporter.id, reporter] as const))(
    "%s says every finding",
    async (id, reporter) => {
      put("Dockerfile", `${BAD}LABEL "<&>"='\u0001'\n`);
      const report = await lint({ paths: ["Dockerfile"], cwd: dir });
      const text = reporter.report({ ...report, version: "1.0.0", style: (_, plain) => plain });
      for (const { rule } of report.findings) expect(text).toContain(rule);
      if (id === "json" || id === "sarif" || id === "gitlab") JSON.parse(text);
      if (id !== "sarif") return;
      expect(validSarif(JSON.parse(text)), JSON.stringify(validSarif.errors)).toBe(true);
      const [run] = JSON.parse(text).runs;
      for (const result of run.results) {
        expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
        expect(["error", "warning", "note"]).toContain(result.level);
        const { region } = result.locations[0].physicalLocation;
        expect(region.startLine).toBeGreaterThan(0);
        expect(region.endLine > region.startLine || region.endColumn >= region.startColumn).toBe(true);
        expect(result.partialFingerprints["knbuildLine/v1"]).toMatch(/^[0-9a-f]{32}:\d+$/);
        for (const fix of result.fixes ?? []) expect(fix.artifactChanges[0].replacements.length).toBeGreaterThan(0);
      }
      const prints = run.results.map(
        (result: { partialFingerprints: Record<string, string> }) => result.partialFingerprints["knbuildLine/v1"],
      );
      expect(new Set(prints).size).toBe(prints.length);
    },
  );
});
