/** Which Dockerfile a build of a directory means, if any. Apart from what reads it: most builds have none. */
import { statSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";
import { type KnbuildError, usageError } from "../base/errors.ts";

/** Stands for "the Dockerfile" where a buildpack's id is asked for. */
export const DOCKERFILE = "dockerfile";

const NAMES = ["Dockerfile", "Containerfile"];

/**
 * The Dockerfile that a build of this directory means, relative to it: the one that was named, else the conventional one
 * unless a buildpack was named. Undefined: none.
 * @throws DOCKERFILE_MISSING (exit 2)
 */
export function findDockerfile(
  dir: string,
  config: { buildpack?: string | undefined; dockerfile?: { file?: string | undefined } | undefined },
  cwd = dir,
): string | undefined {
  const named = config.dockerfile?.file;
  if (named !== undefined) {
    const path = [resolve(dir, named), resolve(cwd, named)].find(isFile);
    if (path === undefined) throw missing(named, dir);
    const inside = relative(dir, path);
    return inside.startsWith("..") || isAbsolute(inside) ? path : inside;
  }
  if (config.buildpack !== undefined && config.buildpack !== DOCKERFILE) return undefined;
  const found = NAMES.find((name) => isFile(join(dir, name)));
  if (found === undefined && config.buildpack === DOCKERFILE) throw missing(NAMES[0] as string, dir);
  return found;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function missing(name: string, dir: string): KnbuildError {
  return usageError(
    "DOCKERFILE_MISSING",
    `there is no ${name}`,
    "knbuild init writes one for what it finds here.",
    dir,
  );
}
