/** A Dockerfile's step as the flags that docker, buildah and podman have in common. */
import { resolve } from "node:path";
import { KnbuildError } from "../../base/errors.ts";
import type { DockerfileStep } from "../../plan/types.ts";
import type { DockerfileContext } from "../types.ts";
import { type CacheDialect, cacheFlags } from "./cache-flags.ts";

export interface BuilderDialect {
  /** It takes `--build-context`. */
  contexts: boolean;
  cache: CacheDialect;
}

/** Without the context directory, which goes last. @throws ENGINE_CANNOT where the builder lacks what is asked for */
export function builderArguments(step: DockerfileStep, context: DockerfileContext, dialect: BuilderDialect): string[] {
  const { sourceDir, labels, fresh } = context;
  if (!dialect.contexts && Object.keys(step.contexts).length > 0) {
    throw new KnbuildError({
      code: "ENGINE_CANNOT",
      message: "this docker client, which has no buildx, has no --build-context",
      hint: "Install its plug-in docker-buildx, or use --engine buildah or podman.",
      exitCode: 2,
    });
  }
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
    ...cacheFlags(step, dialect.cache),
    ...pairs("--build-context", step.contexts),
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
