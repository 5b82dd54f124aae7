/** What an image starts: argv, environment, folder and user, by image-spec config.md and the container contract. */
import { KnbuildError } from "../base/errors.ts";
import type { RuntimeConfig } from "../oci/manifest.ts";
import { type ImageUser, resolveUser } from "./image-user.ts";
import type { StartOptions } from "./types.ts";

export interface ImageProcess {
  argv: string[];
  env: Record<string, string>;
  cwd: string;
  user: ImageUser;
}

const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** @throws IMAGE_NO_ENTRYPOINT, IMAGE_USER_UNKNOWN */
export function imageProcess(
  config: RuntimeConfig,
  root: string,
  options: Pick<StartOptions, "env" | "args" | "user" | "hostname">,
): ImageProcess {
  const argv = [...(config.Entrypoint ?? []), ...(options.args ?? config.Cmd ?? [])];
  if (argv.length === 0) {
    throw new KnbuildError({
      code: "IMAGE_NO_ENTRYPOINT",
      message: "the image names no program to start",
      hint: "Give it an entrypoint.",
    });
  }
  const user = resolveUser(root, options.user ?? config.User ?? "");
  const env: Record<string, string> = { PATH: DEFAULT_PATH, HOSTNAME: options.hostname, HOME: user.home };
  for (const pair of config.Env ?? []) {
    const at = pair.indexOf("=");
    if (at > 0) env[pair.slice(0, at)] = pair.slice(at + 1);
  }
  return { argv, env: { ...env, ...options.env }, cwd: config.WorkingDir || "/", user };
}
