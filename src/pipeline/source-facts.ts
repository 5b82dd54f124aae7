/** What a source directory says about itself: version and licence from package.json, commit and branch from git's files. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Annotation } from "../oci/descriptor.ts";
import { readGitHead } from "./git-head.ts";

export interface SourceFacts {
  version?: string;
  license?: string;
  title?: string;
  description?: string;
  /** For tag templates: sha, shortSha, branch, tag. */
  variables: Record<string, string | undefined>;
}

/** CI systems that check out a detached commit say branch and tag in their environment. */
export function sourceFacts(dir: string, env: NodeJS.ProcessEnv): SourceFacts {
  const manifest = readManifest(dir);
  const text = (key: string) =>
    typeof manifest[key] === "string" && manifest[key] ? (manifest[key] as string) : undefined;
  const head = readGitHead(dir);
  const sha =
    env["COMMIT_SHA"] || env["GITHUB_SHA"] || env["CI_COMMIT_SHA"] || /[0-9a-f]{40}(?:[0-9a-f]{24})?/.exec(head)?.[0];
  const tagged = env["GITHUB_REF_TYPE"] === "tag";
  const branch =
    env["BRANCH_NAME"] ||
    (tagged ? undefined : env["GITHUB_REF_NAME"]) ||
    env["CI_COMMIT_BRANCH"] ||
    /^refs\/heads\/(\S+)/.exec(head)?.[1];
  const tag = env["TAG_NAME"] || env["CI_COMMIT_TAG"] || (tagged ? env["GITHUB_REF_NAME"] : undefined);
  const [version, license, title, description] = [text("version"), text("license"), text("name"), text("description")];
  return {
    ...(version && { version }),
    ...(license && { license }),
    ...(title && { title }),
    ...(description && { description }),
    variables: { sha, shortSha: env["SHORT_SHA"] || sha?.slice(0, 7), branch, tag },
  };
}

/** annotations.md's keys, as far as the content of the source gives them; the user's own win. */
export function imageAnnotations(facts: SourceFacts, own: Record<string, string>): Record<string, string> {
  return {
    ...(facts.title && { [Annotation.title]: facts.title }),
    ...(facts.version && { [Annotation.version]: facts.version }),
    ...(facts.license && { [Annotation.licenses]: facts.license }),
    ...(facts.description && { [Annotation.description]: facts.description }),
    ...own,
  };
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
