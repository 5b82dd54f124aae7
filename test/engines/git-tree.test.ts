/** What ADD of a git repository brings along besides the files of one commit; the trees themselves are held against BuildKit's elsewhere. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { nodeAt, splitPath } from "../../src/engines/dockerfile/file-tree.ts";
import { gitTree } from "../../src/engines/dockerfile/git-tree.ts";
import { makeRepository } from "../support/git-http.ts";

const root = mkdtempSync(join(tmpdir(), "knbuild-git-tree-"));
const env = { ...process.env, GIT_ALLOW_PROTOCOL: "file" };
const git = (cwd: string, ...args: string[]) =>
  execFileSync("git", ["-c", "user.name=n", "-c", "user.email=a@b.c", ...args], { cwd: join(root, cwd), env });

beforeAll(() => {
  makeRepository(root, "part");
  makeRepository(root, "whole");
  git("whole", "submodule", "--quiet", "add", "../part.git", "part");
  git("whole", "commit", "--quiet", "-m", "three");
  git("whole", "tag", "-a", "-m", "annotated", "v2");
  git("whole", "push", "--quiet", join(root, "whole.git"), "main", "v2");
});
afterAll(() => rmSync(root, { recursive: true }));

async function names(source: string, keepGitDir?: boolean): Promise<(path: string) => boolean> {
  const directory = join(root, "checkouts");
  mkdirSync(directory, { recursive: true });
  const { signal } = new AbortController();
  const tree = await gitTree(source, { directory, env, signal, keepGitDir, checksum: undefined });
  return (path) => nodeAt(tree, splitPath(path)) !== undefined;
}

it("submodules, with the files that name their repositories; none where they are not wanted", async () => {
  const remote = `file://${root}/whole.git`;
  const has = await names(`${remote}#v2`);
  expect([".git", "part/a.txt", "part/.git"].map(has)).toEqual([false, true, true]);
  const without = await names(`${remote}?tag=v2&submodules=false`);
  expect(["a.txt", "part/a.txt"].map(without)).toEqual([true, false]);
});

it("the repository itself: under the name that was asked for, without what the fetch left behind", async () => {
  const remote = `file://${root}/whole.git`;
  const tagged = await names(`${remote}#v2`, true);
  expect([".git/HEAD", ".git/refs/tags/v2", ".git/FETCH_HEAD"].map(tagged)).toEqual([true, true, false]);
  expect((await names(remote, true))(".git/refs/heads/main")).toBe(true);
  expect((await names(`${remote}#main:sub`, true))(".git")).toBe(false);
});
