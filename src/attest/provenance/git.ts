/** The commit that a directory is at, as git itself tells: for provenance. */
import { execFile } from "node:child_process";

export interface GitState {
  /** 40 or 64 hex digits. */
  commit: string;
  /** `refs/heads/main`, `refs/tags/v1`; absent for a detached HEAD that no tag names. */
  ref?: string;
  /** The directory inside the repository, with `/`; empty at its top. */
  prefix: string;
  /** Where it came from, without a login; absent when there is no remote. */
  repository?: string;
  /** Something in the directory is not as the commit has it (files that git ignores do not count). */
  dirty: boolean;
}

/** undefined outside of a repository, before the first commit, and where there is no git. */
export async function readGit(dir: string, env: NodeJS.ProcessEnv): Promise<GitState | undefined> {
  const git = (...args: string[]) => run(dir, env, args);
  const commit = await git("rev-parse", "--verify", "--quiet", "HEAD^{commit}");
  if (!commit || !/^[0-9a-f]{40,64}$/.test(commit)) return undefined;
  const [prefix, branch, tag, remote, status] = await Promise.all([
    git("rev-parse", "--show-prefix"),
    git("symbolic-ref", "--quiet", "HEAD"),
    git("describe", "--tags", "--exact-match", "HEAD"),
    git("config", "--get", "remote.origin.url"),
    // A lock file that the build before wrote is no change of the source.
    git("status", "--porcelain=v1", "--untracked-files=normal", "--", ".", ":(exclude)knbuild.lock"),
  ]);
  const ref = branch || (tag ? `refs/tags/${tag}` : undefined);
  const repository = remote ? publicRemote(remote) : undefined;
  return {
    commit,
    prefix: (prefix ?? "").replace(/\/$/, ""),
    ...(ref && { ref }),
    ...(repository && { repository }),
    dirty: status === undefined || status !== "",
  };
}

/** A remote's address without user and password; `git@host:path` becomes `https://host/path`. */
export function publicRemote(remote: string): string | undefined {
  const scp = /^(?:[^@/\s]+@)?([^:/\s]+\.[^:/\s]+):(?!\/\/)(.+)$/.exec(remote);
  if (scp) return `https://${scp[1]}/${scp[2]}`;
  try {
    const url = new URL(remote);
    // A path on this machine says nothing to anybody else.
    if (url.protocol === "file:" || !url.host) return undefined;
    url.username = "";
    url.password = "";
    url.search = "";
    url.hash = "";
    return url.href;
  } catch {
    return undefined;
  }
}

function run(cwd: string, env: NodeJS.ProcessEnv, args: string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    // No hooks, no pager, no optional locks: reading must not change the user's repository.
    const options = { cwd, env: { ...env, GIT_OPTIONAL_LOCKS: "0" }, maxBuffer: 64 * 1024 * 1024 };
    execFile("git", ["-c", "core.fsmonitor=false", ...args], options, (error, stdout) => {
      resolve(error ? undefined : String(stdout).trim());
    });
  });
}
