/** What an image is called: tags from the command line, the configuration, KNBUILD_REPO, or the app's own name. */
import { usageError } from "../base/errors.ts";
import { parseReference, type Reference } from "../oci/reference.ts";

export interface NameFacts {
  /** The plan's name. */
  name: string;
  /** Templates of the configuration and the command line. */
  tags: readonly string[];
  /** `registry/path` that images without a tag of their own go to, as ko's KO_DOCKER_REPO. */
  repo: string | undefined;
  /** Values of `{sha}`, `{shortSha}`, `{branch}`, `{version}`, `{tag}`, `{name}`. */
  variables: Record<string, string | undefined>;
}

/** @throws TAG_INVALID, REFERENCE_INVALID (exit 2) */
export function chooseNames(facts: NameFacts): Reference[] {
  if (facts.tags.length > 0) return facts.tags.map((tag) => nameReference(fillTemplate(tag, facts.variables)));
  const name = sanitizeName(facts.name);
  if (facts.repo) return [nameReference(`${facts.repo.replace(/\/+$/, "")}/${name}`)];
  return [nameReference(name)];
}

function nameReference(text: string): Reference {
  const reference = parseReference(text);
  if (reference.digest) throw usageError("TAG_INVALID", `${text}: an image is tagged by name, not by digest`);
  return { ...reference, tag: reference.tag ?? "latest" };
}

/** `{version}` and friends. @throws TAG_INVALID for a variable that is unknown or has no value */
export function fillTemplate(template: string, variables: Record<string, string | undefined>): string {
  return template.replace(/\{(\w+)\}/g, (_whole, key: string) => {
    if (!(key in variables))
      throw usageError(
        "TAG_INVALID",
        `unknown variable {${key}} in ${template}`,
        `Use one of ${Object.keys(variables)
          .map((v) => `{${v}}`)
          .join(" ")}.`,
      );
    const value = variables[key];
    if (!value)
      throw usageError(
        "TAG_INVALID",
        `{${key}} in ${template} has no value here`,
        "Build in a git checkout (or with a version in package.json), or write the tag out.",
      );
    return value
      .replace(/[^A-Za-z0-9._-]+/g, "-")
      .replace(/^[.-]+/, "")
      .slice(0, 128);
  });
}

/** `@scope/My App` → `scope-my-app`: a repository path component. */
export function sanitizeName(name: string): string {
  const clean = name
    .toLowerCase()
    .replace(/^@/, "")
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/[._-]{2,}/g, "-")
    .replace(/^[._-]+|[._-]+$/g, "");
  return clean || "app";
}
