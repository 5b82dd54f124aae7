/** ADD of a git repository: its files at one commit, as BuildKit checks them out (source/git, `llb.Git`), by the git of this machine. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { errnoCode, interrupted, isKnbuildError, KnbuildError } from "../../base/errors.ts";
import { contextTree } from "./context-tree.ts";
import { type DirectoryNode, nodeAt, splitPath } from "./file-tree.ts";

export interface GitOptions {
  /** Holds the checkout until the build is over. */
  directory: string;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  keepGitDir: boolean | undefined;
  /** The commit that it has to be, or its beginning. */
  checksum: string | undefined;
}

interface GitSource {
  remote: string;
  ref: string | undefined;
  subdir: string;
  keepGitDir: boolean;
  submodules: boolean;
  checksum: string | undefined;
}

/** `git@host:path`, `git://`, `ssh://`, and http(s) URLs whose path ends in `.git`. */
export function isGitSource(source: string): boolean {
  if (/^(?:git|ssh):\/\//.test(source) || /^[\w.-]+@[\w.-]+:(?!\/\/)/.test(source)) return true;
  return /^https?:\/\/[^?#]*\.git(?:[?#].*)?$/.test(source);
}

/** `URL#ref:subdir`, or the same in a query: `?ref=…&subdir=…&keep-git-dir=…&submodules=…&checksum=…`. */
function readSource(source: string): GitSource {
  const [beforeHash = "", fragment = ""] = source.split(/#(.*)/s, 2);
  const [remote = "", query = ""] = beforeHash.split(/\?(.*)/s, 2);
  const asked = new URLSearchParams(query);
  const colon = fragment.indexOf(":");
  const [ref, subdir] = colon < 0 ? [fragment, ""] : [fragment.slice(0, colon), fragment.slice(colon + 1)];
  const tag = asked.get("tag");
  const branch = asked.get("branch");
  const named = tag ? `refs/tags/${tag}` : branch ? `refs/heads/${branch}` : asked.get("ref");
  const isOn = (name: string): boolean => !/^(?:0|f|false)$/i.test(asked.get(name) ?? "true");
  return {
    remote,
    ref: ref || named || undefined,
    subdir: subdir || asked.get("subdir") || "",
    keepGitDir: asked.has("keep-git-dir") && isOn("keep-git-dir"),
    submodules: isOn("submodules"),
    checksum: asked.get("checksum") ?? asked.get("commit") ?? undefined,
  };
}

/** The tree of the repository, or of its subdirectory. @throws ADD_GIT_FAILED, ADD_CHECKSUM_MISMATCH, GIT_MISSING, INTERRUPTED */
export async function gitTree(source: string, options: GitOptions): Promise<DirectoryNode> {
  const { remote, ref, subdir, submodules, ...asked } = readSource(source);
  const keepGitDir = (options.keepGitDir ?? asked.keepGitDir) && splitPath(subdir).length === 0;
  const checksum = options.checksum ?? asked.checksum;
  const dir = await mkdtemp(join(options.directory, "git-"));
  const git = (...args: string[]) => runGit(dir, args, remote, options);
  await git("init", "--quiet", "--template=");
  await git("remote", "add", "--", "origin", remote);
  const wanted = ref ?? "HEAD";
  const isCommit = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(wanted);
  // Not every server gives out a commit by its name, nor all of them parts of a history.
  const shallow = await git("fetch", "--quiet", "--depth=1", "--refmap=", "--", "origin", wanted).catch(
    (error: unknown) => error,
  );
  if (shallow instanceof Error) {
    if (isKnbuildError(shallow, "INTERRUPTED") || isKnbuildError(shallow, "GIT_MISSING")) throw shallow;
    await (isCommit ? git("fetch", "--quiet", "--tags", "origin") : git("fetch", "--quiet", "--", "origin", wanted));
  }
  await git("checkout", "--quiet", "--detach", isCommit ? wanted : "FETCH_HEAD");
  const commit = (await git("rev-parse", "HEAD")).trim();
  if (checksum !== undefined && !commit.startsWith(checksum)) {
    throw new KnbuildError({
      code: "ADD_CHECKSUM_MISMATCH",
      message: `${shown(remote)} is at ${commit}, not ${checksum}`,
      hint: "The repository is another one than the Dockerfile expects: look at it before you change --checksum.",
    });
  }
  if (keepGitDir) await tidy(dir, isCommit ? undefined : wanted, git);
  if (submodules && existsSync(join(dir, ".gitmodules")))
    await git("submodule", "update", "--quiet", "--init", "--recursive", "--depth=1");
  const digest = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");
  const root = contextTree(dir, undefined, digest);
  const history = root.children.get(".git");
  // The files by which submodules find theirs stay, as in BuildKit.
  root.children.delete(".git");
  settle(root);
  if (keepGitDir && history) root.children.set(".git", history);
  const node = nodeAt(root, splitPath(subdir));
  if (node?.type === "directory") return node;
  throw failed(remote, `there is no directory ${subdir} at ${commit.slice(0, 12)}`);
}

/** The tag or branch keeps its name (`git describe` asks for it); what was fetched when does not get into the image. */
async function tidy(
  dir: string,
  wanted: string | undefined,
  git: (...args: string[]) => Promise<string>,
): Promise<void> {
  if (wanted !== undefined) {
    const listed = await git("ls-remote", "--symref", "--", "origin", wanted);
    const isThere = (name: string): boolean => listed.split("\n").some((line) => line.endsWith(`\t${name}`));
    const named = [wanted, `refs/tags/${wanted}`, `refs/heads/${wanted}`].find(
      (name) => name.startsWith("refs/") && isThere(name),
    );
    const name = wanted === "HEAD" ? /^ref: (\S+)\tHEAD$/m.exec(listed)?.[1] : named;
    if (name !== undefined) await git("update-ref", name, "FETCH_HEAD");
  }
  await git("reflog", "expire", "--all", "--expire=now");
  await rm(join(dir, ".git/FETCH_HEAD"), { force: true });
}

/** What git knows of a mode is whether a file may be run; the rest is this machine's umask. */
function settle(directory: DirectoryNode): void {
  directory.mode = 0o755;
  for (const node of directory.children.values()) {
    if (node.type === "directory") settle(node);
    else if (node.type === "file") node.mode = node.mode & 0o100 ? 0o755 : 0o644;
  }
}

function runGit(dir: string, args: string[], remote: string, { env, signal }: GitOptions): Promise<string> {
  // Nobody is there to be asked for a password; what this repository says of hooks and filters is not the builder's.
  const settings = { ...env, GIT_TERMINAL_PROMPT: "0", GIT_DIR: undefined, GIT_WORK_TREE: undefined, LC_ALL: "C" };
  return new Promise((resolve, reject) => {
    execFile(
      "git",
      ["-C", dir, ...args],
      { env: settings, signal, maxBuffer: 16 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (!error) resolve(stdout);
        else if (signal.aborted) reject(interrupted(signal.reason));
        else if (errnoCode(error) === "ENOENT") {
          reject(
            new KnbuildError({
              code: "GIT_MISSING",
              message: "a git repository is added, and git is not here",
              hint: "Install git, or use --engine docker.",
              cause: error,
            }),
          );
        } else reject(failed(remote, stderr.trim().split("\n").at(-1) || error.message, error));
      },
    );
  });
}

/** Without a login. */
function shown(remote: string): string {
  return remote.replace(/^(\w+:\/\/)[^/@]*@/, "$1");
}

function failed(remote: string, why: string, cause?: unknown): KnbuildError {
  return new KnbuildError({
    code: "ADD_GIT_FAILED",
    message: `cannot fetch ${shown(remote)}: ${why.replaceAll(remote, shown(remote))}`,
    hint: "Check the address, the branch or tag behind `#`, and that git can reach it without asking for a password.",
    cause,
  });
}
