/** Who runs the build: the builder's id and the run's own address, from the environment that CI systems set. */

export interface BuilderIdentity {
  /** A URI that names the platform, and as much of its configuration as it says itself. */
  id: string;
  /** The one run, where it has an address. */
  invocationId?: string;
}

/** A build on a machine of one's own: nobody but its user vouches for it. */
export const LOCAL_BUILDER = "urn:knbuild:builder:local";

/** `KNBUILD_BUILDER_ID` overrides what is found. */
export function detectBuilder(env: NodeJS.ProcessEnv): BuilderIdentity {
  const found = known(env);
  const own = env["KNBUILD_BUILDER_ID"];
  return own ? { ...found, id: own } : found;
}

function known(env: NodeJS.ProcessEnv): BuilderIdentity {
  if (env["GITHUB_ACTIONS"] === "true") {
    const server = env["GITHUB_SERVER_URL"] ?? "https://github.com";
    const run = `${server}/${env["GITHUB_REPOSITORY"]}/actions/runs/${env["GITHUB_RUN_ID"]}/attempts/${env["GITHUB_RUN_ATTEMPT"] ?? "1"}`;
    const workflow = env["GITHUB_WORKFLOW_REF"];
    return { id: workflow ? `${server}/${workflow}` : `${server}/actions/runner`, invocationId: run };
  }
  if (env["GITLAB_CI"] === "true") {
    const server = env["CI_SERVER_URL"] ?? "https://gitlab.com";
    return {
      id: env["CI_RUNNER_ID"] ? `${server}/-/runners/${env["CI_RUNNER_ID"]}` : server,
      ...(env["CI_JOB_URL"] && { invocationId: env["CI_JOB_URL"] }),
    };
  }
  // Cloud Build sets these only where the build asks for them; BUILDER_OUTPUT it sets itself.
  if (env["BUILD_ID"] && env["PROJECT_ID"]) {
    return {
      id: "https://cloudbuild.googleapis.com/GoogleHostedWorker",
      invocationId: `https://cloudbuild.googleapis.com/v1/projects/${env["PROJECT_ID"]}/builds/${env["BUILD_ID"]}`,
    };
  }
  if (env["BUILDER_OUTPUT"]) return { id: "https://cloudbuild.googleapis.com/GoogleHostedWorker" };
  return { id: LOCAL_BUILDER };
}
