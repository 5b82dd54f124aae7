/** What to do about refusals that one registry has and others do not: by its host and its own words. */

/** The first that fits counts: what one registry says before what many say. */
const HINTS: readonly { host: RegExp; said: RegExp; hint: string }[] = [
  {
    host: /\.dkr[.-]ecr|\.ecr\.aws$/,
    said: /repository.*does not exist/i,
    hint: "ECR wants a repository to be there first: aws ecr create-repository --repository-name NAME",
  },
  {
    // It hangs up instead of saying so.
    host: /\.dkr[.-]ecr|\.ecr\.aws$/,
    said: /^upload: closed$/,
    hint: "ECR hangs up where a repository is not there: aws ecr create-repository --repository-name NAME",
  },
  {
    host: /^ghcr\.io$/,
    said: /write_package|write organization package|token provided does not match expected scopes/i,
    hint: "The token needs write:packages; for a workflow's own token give its repository write access in the package's settings.",
  },
  {
    host: /\.pkg\.dev$|gcr\.io$/,
    said: /repository.*not found/i,
    hint: "Artifact Registry wants a repository to be there first: gcloud artifacts repositories create NAME --repository-format=docker",
  },
  {
    host: /\.pkg\.dev$|gcr\.io$/,
    said: /uploadArtifacts/,
    hint: "The account needs the role roles/artifactregistry.writer on the repository.",
  },
  {
    host: /^/,
    said: /immutable|does not allow updating/i,
    hint: "Tags of this repository cannot be moved: push under a new tag.",
  },
  {
    host: /^/,
    said: /project .*not found/i,
    hint: "The registry wants the project (the first part of the name) to be there first.",
  },
  {
    host: /^/,
    said: /storage (?:resource|quota)|quota.{1,40}storage/i,
    hint: "The project has no room left: delete images, or have its quota raised.",
  },
];

/** @param said the registry's code and message */
export function hintOfRegistry(registry: string, said: string): string | undefined {
  return HINTS.find((entry) => entry.host.test(registry) && entry.said.test(said))?.hint;
}
