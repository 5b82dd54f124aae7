/** What a source directory says about itself: version and licence from package.json, commit and branch from git's files. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type GitState, publicRemote, readGit } from "../attest/provenance/git.ts";
import type { Emit } from "../base/events.ts";
import { Annotation } from "../oci/descriptor.ts";
import { readGitHead } from "./git-head.ts";
import { readGitTag } from "./git-tag.ts";

export interface SourceFacts {
  version?: string;
  license?: string;
  title?: string;
  description?: string;
  /** package.json's `repository`, as an address. */
  repository?: string;
  /** For tag templates: sha, shortSha, branch, tag. */
  variables: Record<string, string | undefined>;
}

const COMMIT = /\b[0-9a-f]{40}(?:[0-9a-f]{24})?\b/;

/**
 * CI systems that check out a detached commit say branch and tag in their environment.
 * @param member directory of the app below `dir`: its package.json is the image's, whichever of the two was built
 */
export function sourceFacts(dir: string, env: NodeJS.ProcessEnv, member = "."): SourceFacts {
  const manifest = readManifest(join(dir, member));
  const text = (key: string) =>
    typeof manifest[key] === "string" && manifest[key] ? (manifest[key] as string) : undefined;
  const head = readGitHead(dir);
  const sha = env["COMMIT_SHA"] || env["GITHUB_SHA"] || env["CI_COMMIT_SHA"] || COMMIT.exec(head)?.[0];
  const tagged = env["GITHUB_REF_TYPE"] === "tag";
  const branch =
    env["BRANCH_NAME"] ||
    (tagged ? undefined : env["GITHUB_REF_NAME"]) ||
    env["CI_COMMIT_BRANCH"] ||
    /^refs\/heads\/(\S+)/.exec(head)?.[1];
  const tag =
    env["TAG_NAME"] ||
    env["CI_COMMIT_TAG"] ||
    (tagged ? env["GITHUB_REF_NAME"] : undefined) ||
    (sha && head ? readGitTag(dir, sha) : undefined);
  const [version, license, title, description] = [text("version"), text("license"), text("name"), text("description")];
  return {
    ...(version && { version }),
    ...(license && { license }),
    ...(title && { title }),
    ...(description && { description }),
    ...repositoryOf(manifest["repository"]),
    variables: { sha, shortSha: env["SHORT_SHA"] || sha?.slice(0, 7), branch, tag },
  };
}

/** What git says, where the directory is in a repository; elsewhere no program is started. A refusal is told to `emit`. */
export async function gitState(dir: string, env: NodeJS.ProcessEnv, emit?: Emit): Promise<GitState | undefined> {
  const head = readGitHead(dir);
  if (head === "") return undefined;
  const state = await readGit(dir, env);
  if (!state && COMMIT.test(head))
    emit?.({
      type: "warning",
      code: "GIT_UNREADABLE",
      message: "git does not read this repository: the image says nothing of its commit",
      where: dir,
      hint: "git status says why there: another owner (git config --global --add safe.directory), or no git in PATH.",
    });
  return state;
}

/**
 * annotations.md's keys; the user's own win. They depend on the content of the source and its commit alone: a revision is named
 * only where the source is as that commit has it, a time only where SOURCE_DATE_EPOCH gives one.
 */
export function imageAnnotations(
  facts: SourceFacts,
  own: Record<string, string>,
  git: GitState | undefined,
  createdSeconds: number | undefined,
): Record<string, string> {
  const source = facts.repository ?? git?.repository?.replace(/\.git$/, "");
  return {
    ...(facts.title && { [Annotation.title]: facts.title }),
    ...(facts.version && { [Annotation.version]: facts.version }),
    ...(facts.license && { [Annotation.licenses]: facts.license }),
    ...(facts.description && { [Annotation.description]: facts.description }),
    ...(source && { [Annotation.source]: source }),
    ...(git && !git.dirty && { [Annotation.revision]: git.commit }),
    ...(createdSeconds !== undefined && {
      [Annotation.created]: new Date(createdSeconds * 1000).toISOString().replace(".000Z", "Z"),
    }),
    ...own,
  };
}

/** `github:owner/name`, `owner/name`, `git+https://…`, or an object with a url: what npm takes. */
function repositoryOf(value: unknown): { repository?: string } {
  const url = typeof value === "string" ? value : (value as { url?: unknown } | null | undefined)?.url;
  if (typeof url !== "string" || url === "") return {};
  const short = /^(?:(github|gitlab|bitbucket):)?([\w.-]+\/[\w.-]+)$/.exec(url);
  const hosts: Record<string, string> = { github: "github.com", gitlab: "gitlab.com", bitbucket: "bitbucket.org" };
  const long = short ? `https://${hosts[short[1] ?? "github"]}/${short[2]}` : url.replace(/^git\+/, "");
  const found = publicRemote(long.replace(/^(?:git|ssh):\/\/(?:[^@/]+@)?/, "https://"))?.replace(/\.git$/, "");
  return found ? { repository: found } : {};
}

function readManifest(dir: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(join(dir, "package.json"), "utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // None, or a broken one: whoever needs it says so.
    return {};
  }
}
