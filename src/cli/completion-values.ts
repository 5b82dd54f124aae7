/** Values that are offered for a flag (`--base`) or an argument (`image`, `explain id`): all that this machine knows of. */
import { bases } from "../generated/bases.ts";
import { buildpacks } from "../generated/buildpacks.ts";
import { engines } from "../generated/engines.ts";
import { outputs } from "../generated/outputs.ts";
import { sandboxes } from "../generated/sandboxes.ts";

export interface ValuesContext {
  env: NodeJS.ProcessEnv;
  cwd: string;
}

type Values = (context: ValuesContext) => readonly string[] | Promise<readonly string[]>;

const VALUES: Readonly<Record<string, Values>> = {
  "--base": () => bases.map(({ id }) => id),
  base: () => bases.map(({ id }) => id),
  "--buildpack": () => buildpacks.map(({ id }) => id),
  "--engine": () => engines.map(({ id }) => id),
  "--sandbox": () => sandboxes.map(({ id }) => id),
  "--output": () => outputs.map(({ id, dest }) => (dest === "none" ? `type=${id}` : `type=${id},dest=`)),
  "--load": () => ["docker", "podman"],
  "--compression": () => ["gzip", "zstd", "none"],
  "--sbom": () => ["cyclonedx", "spdx"],
  "--profile": () => ["gke", "knative", "cloudrun"],
  "--workspace": ({ cwd }) => members(cwd),
  image: ({ env }) => images(env),
  what: ({ env }) => images(env),
  "image-or-directory": ({ env }) => images(env),
  source: ({ env }) => images(env).then((names) => names.map((name) => `store:${name}`)),
  "explain id": () => ruleIds(),
  "--rule": () => ruleIds(),
  shell: () => ["bash", "zsh", "fish"],
};

export async function valuesOf(name: string, context: ValuesContext): Promise<readonly string[] | undefined> {
  try {
    return await VALUES[name]?.(context);
  } catch {
    // A completion that cannot be made is none: the command itself will say why.
    return [];
  }
}

async function images(env: NodeJS.ProcessEnv): Promise<string[]> {
  const [{ listImages }, { openStore }, { cacheDir }] = await Promise.all([
    import("../pipeline/images.ts"),
    import("../store/store.ts"),
    import("../base/dirs.ts"),
  ]);
  return (await listImages(openStore(cacheDir(env)))).map(({ name }) => name);
}

async function ruleIds(): Promise<string[]> {
  const [{ dockerfileRules }, { sourceRules }] = await Promise.all([
    import("../generated/dockerfileRules.ts"),
    import("../generated/sourceRules.ts"),
  ]);
  return [...dockerfileRules, ...sourceRules].map(({ id }) => id).sort();
}

/** Names of the workspace's members, as the Node buildpack finds them. */
async function members(cwd: string): Promise<string[]> {
  const [{ openSource }, { nestProjects }, { workspaceGlobs, workspaceMembers }] = await Promise.all([
    import("../source/open.ts"),
    import("../../buildpacks/node/nest-projects.ts"),
    import("../../buildpacks/node/workspaces.ts"),
  ]);
  const source = openSource(cwd);
  const found = workspaceMembers(source, workspaceGlobs(source) ?? []).map(({ name, path }) => name ?? path);
  return [...found, ...nestProjects(source).map(({ name }) => name)];
}
