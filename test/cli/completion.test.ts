/** Completion: what is offered, and that the three shells offer it: each is really started. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildKnbuild, type Knbuild } from "../support/knbuild.ts";
import { requireComponent } from "../support/machine.ts";

let knbuild: Knbuild;
let dir: string;
let env: NodeJS.ProcessEnv;
beforeAll(() => {
  knbuild = buildKnbuild();
  dir = mkdtempSync(join(tmpdir(), "knbuild-completion-"));
  mkdirSync(join(dir, "bin"));
  mkdirSync(join(dir, "services"));
  symlinkSync(knbuild.program, join(dir, "bin", "knbuild"));
  chmodSync(knbuild.program, 0o755);
  env = { ...process.env, PATH: `${join(dir, "bin")}${delimiter}${process.env["PATH"]}`, HOME: dir, TERM: "dumb" };
});
afterAll(() => {
  knbuild.remove();
  rmSync(dir, { recursive: true, force: true });
});

async function offered(line: string): Promise<string[]> {
  const { stdout, code } = await knbuild.run(["completion", "candidates", line], { cwd: dir });
  expect(code).toBe(0);
  return stdout.split("\n").flatMap((text) => (text ? [text.split("\t")[0] as string] : []));
}

test.each([
  ["knbuild bu", ["build", ":directories"]],
  ["knbuild build --no-bun", ["--no-bundle"]],
  ["knbuild build --no-bundle --no-bun", []],
  ["knbuild . --annot", ["--annotation"]],
  ["knbuild . --annotation a=b --annot", ["--annotation"]],
  ["knbuild run --sandbox bub", ["bubblewrap"]],
  ["knbuild build --base=debian13-node24", ["--base=debian13-node24"]],
  ["knbuild build -o type=doc", ["type=docker-daemon", "type=docker,dest="]],
  ["knbuild cache ver", ["verify"]],
  ["knbuild explain KS001", ["KS001"]],
  ["knbuild build --config ", [":files"]],
  ["knbuild sbom --format s", ["spdx"]],
  ["knbuild no-such-command --", []],
  ["knbuild completion z", ["zsh"]],
])("%s", async (line, expected) => {
  expect(await offered(line)).toEqual(expected);
});

test("every flag has a description in the candidates", async () => {
  const { stdout } = await knbuild.run(["completion", "candidates", "knbuild build --"], { cwd: dir });
  const flags = stdout.trim().split("\n");
  expect(flags.length).toBeGreaterThan(25);
  expect(flags.filter((line) => !line.includes("\t"))).toEqual([]);
});

test("bash", () => {
  const type = (words: string[]) =>
    spawnSync(
      "bash",
      [
        "-c",
        'source <(knbuild completion bash); COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); COMP_LINE="$LINE"; COMP_POINT=${#LINE}; _knbuild; printf "%s\\n" "${COMPREPLY[@]}"',
        "bash",
        ...words,
      ],
      { env: { ...env, LINE: words.join(" ").replace(/ = ?/g, "=") }, cwd: dir, encoding: "utf8" },
    ).stdout.trim();
  expect(type(["knbuild", "build", "--compr"])).toBe("--compression");
  // bash cuts words at `=`: only what comes behind it is put in.
  expect(type(["knbuild", "build", "--base", "=", "debian13-node24"])).toBe("debian13-node24");
  expect(type(["knbuild", "build", "serv"])).toBe("services");
});

test.skipIf(!requireComponent("fish"))("fish", () => {
  const type = (line: string) =>
    spawnSync("fish", ["-c", `knbuild completion fish | source; complete -C '${line}'`], {
      env,
      cwd: dir,
      encoding: "utf8",
    }).stdout.trim();
  expect(type("knbuild build --compr")).toMatch(/^--compression\tgzip, zstd or none$/);
  expect(type("knbuild run --sandbox bub")).toBe("bubblewrap");
  expect(type("knbuild build serv")).toMatch(/^services\//);
});

test.skipIf(!requireComponent("zsh"))("zsh", () => {
  // A terminal of its own: zsh completes only in its line editor.
  const script = `
    zmodload zsh/zpty
    zpty z 'zsh -f -i'
    zpty -w z 'PS1=; PROMPT=; unsetopt zle_bracketed_paste; autoload -Uz compinit; compinit -u -D; source <(knbuild completion zsh); print -r READ''Y'
    zpty -r z out '*READY*'
    zpty -w -n z $'knbuild build --compr\\t'
    zpty -r z out '*--compression*'
    print -r -- "$out"
    zpty -d z`;
  const { stdout } = spawnSync("zsh", ["-f", "-c", script], { env, cwd: dir, encoding: "utf8", timeout: 30_000 });
  expect(stdout).toContain("--compression");
});
