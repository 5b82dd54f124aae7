import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { analyzeFile } from "../../src/bundle/analyze.ts";
import type { JudgedPackage, Judgement } from "../../src/bundle/judge.ts";
import { browsersOf, namesakePrograms, programsOfLine } from "../../src/bundle/started-programs.ts";

const OWN = { moduleScope: false, own: true };
const started = (text: string, path = "a.ts") =>
  (analyzeFile(path, text, OWN).starts ?? []).map(({ program }) => program);

describe("what the app's own code starts", () => {
  it.each([
    ['const cp = require("child_process"); cp.spawn("git", ["log"]);', ["git"]],
    ['const { execFileSync: run } = require("node:child_process"); run("ffmpeg");', ["ffmpeg"]],
    ['import { exec } from "node:child_process"; exec("git log | head -3");', ["/bin/sh", "git", "head"]],
    ['import cp, { spawn } from "child_process"; spawn(tool, { shell: true });', ["/bin/sh"]],
    ['import * as cp from "child_process"; cp.spawn("ls -l", { shell: "/bin/bash" });', ["/bin/bash", "ls"]],
    [
      'const run = require("util").promisify(require("child_process").exec); run(`pdftotext ${a} -`);',
      ["/bin/sh", "pdftotext"],
    ],
    ['const { exec } = require("child_process"); const run = promisify(exec); await run(command);', ["/bin/sh"]],
    ['const exec = require("child_process").execFile; exec("convert", [a, b]);', ["convert"]],
    ['const { spawn } = await import("node:child_process"); spawn("/usr/bin/python3");', ["/usr/bin/python3"]],
    ['import { execa } from "execa"; await execa("yt-dlp", [url]);', ["yt-dlp"]],
    ['import spawn from "cross-spawn"; spawn("git");', ["git"]],
    ['import { $ } from "zx"; await $`ls ${dir}`;', ["bash", "ls"]],
  ])("%s", (text, programs) => expect(started(text)).toEqual(programs));

  it.each([
    'import { spawn } from "child_process"; spawn(process.execPath, ["-v"]); spawn("./bin/tool"); spawn("node");',
    'import { fork } from "child_process"; /a/.exec("git log"); db.exec("select 1");',
    'const { spawn } = require("./pool"); spawn("git");',
    'import { spawn } from "child_process"; spawn(tool, ["git"]); spawn(`${tool}`);',
    'import { execFile } from "child_process"; if (process.platform === "darwin") execFile("open", [url]);',
  ])("nothing for certain: %s", (text) => expect(started(text)).toEqual([]));

  it.each([
    'const cp = require("child_process"); cp.spawn("node", ["web.js"]);',
    'import { execa } from "execa"; execa(process.execPath, ["web.js"]);',
    'const { execSync } = require("child_process"); execSync("node web.js");',
    'const cluster = require("cluster"); cluster.setupPrimary({ exec: "web.js" });',
  ])("a file of the app's stays a file: %s", (text) =>
    expect(analyzeFile("a.ts", text, OWN).findings.map(({ code }) => code)).toEqual(["fork"]),
  );

  it("commands that yargs loads from a folder stay files", () => {
    const { findings } = analyzeFile("a.js", "require('yargs').commandDir('commands').argv;", OWN);
    expect(findings.map(({ code }) => code)).toEqual(["computed-require"]);
  });

  it("with the line of the call", () => {
    const text = 'import { spawn } from "node:child_process";\n\nspawn("git");\n';
    const { starts } = analyzeFile("a.ts", text, OWN);
    expect(starts).toEqual([{ program: "git", by: 'spawn("git")', line: 3 }]);
  });

  it("commands in a line for a shell", () => {
    expect(programsOfLine('cd /tmp && FOO=1 git commit -m "a | b" ; echo done || curl -s x | jq .')).toEqual([
      "git",
      "curl",
      "jq",
    ]);
  });
});

describe("packages", () => {
  const dir = mkdtempSync(join(tmpdir(), "knbuild-starts-"));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  const judged = (...packages: [name: string, text: string][]): [Judgement, Set<string>] => {
    const all = packages.map(([name, text], i): JudgedPackage => {
      const path = join(dir, `${i}-${Math.random()}.js`);
      writeFileSync(path, text);
      return { name, version: "1.0.0", dir: name, files: [path], edges: new Set(), reason: undefined };
    });
    const judgement = {
      files: new Map(),
      packages: new Map(all.map((one) => [one.dir, one])),
      isExternalFile: () => false,
    };
    return [judgement, new Set(all.map((one) => one.dir))];
  };

  it("that are named after a program and start it", () => {
    const spawn = 'const { spawn } = require("child_process");';
    const [judgement, direct] = judged(
      ["simple-git", `${spawn} run({ binary: "git" });`],
      ["git-url-parse", 'if (host === "git") {}'],
      ["git-rev", `${spawn} spawn(process.execPath);`],
      ["mailer", `${spawn} spawn("git");`],
    );
    expect(namesakePrograms(judgement, direct)).toEqual([{ program: "git", by: "simple-git" }]);
    expect(namesakePrograms(judgement, new Set())).toEqual([]);
  });

  it("that need a browser", () => {
    const [judgement, direct] = judged(["puppeteer", ""], ["puppeteer-har", ""]);
    expect(browsersOf(judgement, direct)).toEqual([{ program: "chromium", by: "puppeteer" }]);
  });
});
