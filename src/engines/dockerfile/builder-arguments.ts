/** A Dockerfile's step as the flags that docker, buildah and podman have in common. */
import { resolve } from "node:path";
import type { DockerfileStep } from "../../plan/types.ts";
import type { DockerfileContext } from "../types.ts";

export interface BuilderDialect {
  /** It takes `--build-context`. */
  contexts: boolean;
  /** It takes `--cache-to`. */
  cacheTo: boolean;
}

/** Without the context directory, which goes last. */
export function builderArguments(step: DockerfileStep, context: DockerfileContext, dialect: BuilderDialect): string[] {
  const { sourceDir, labels, fresh } = context;
  const pairs = (flag: string, map: Record<string, string>): string[] =>
    Object.entries(map).flatMap(([name, value]) => [flag, `${name}=${value}`]);
  const all = (flag: string, list: readonly string[]): string[] => list.flatMap((value) => [flag, value]);
  return [
    ...["--file", resolve(sourceDir, step.file), "--platform", "linux/amd64"],
    ...(step.target === undefined ? [] : ["--target", step.target]),
    ...pairs("--build-arg", step.buildArgs),
    ...pairs("--label", labels),
    ...all(
      "--secret",
      step.secrets.map((secret) => absoluteSource(secret, sourceDir)),
    ),
    ...all("--ssh", step.ssh),
    ...(step.network === undefined ? [] : ["--network", step.network]),
    ...all("--cache-from", step.cacheFrom),
    ...(dialect.cacheTo ? all("--cache-to", step.cacheTo) : []),
    ...(dialect.contexts ? pairs("--build-context", step.contexts) : []),
    ...(fresh ? ["--no-cache"] : []),
  ];
}

/** `src=` of a secret is relative to the directory that is built, wherever the command runs. */
function absoluteSource(secret: string, directory: string): string {
  return secret
    .split(",")
    .map((part) => {
      const [key, ...rest] = part.split("=");
      const path = rest.join("=");
      return key === "src" || key === "source" ? `${key}=${resolve(directory, path)}` : part;
    })
    .join(",");
}
