/** A registry whose name nobody knows: waiting does not make it known. */
import { lookup } from "node:dns/promises";
import { errnoCode } from "../base/errors.ts";
import type { InstallSource } from "./types.ts";

/**
 * Whether a host that the project takes packages from, by its .npmrc or its npm lock file, has no address. Package managers ask
 * such a one again and again, for minutes. Behind a proxy that one knows the names: never.
 */
export async function hasLostHost(root: InstallSource, env: NodeJS.ProcessEnv): Promise<boolean> {
  const settings = root.read(".npmrc") ?? "";
  if (/^\s*(?:https?-)?proxy\s*=/m.test(settings)) return false;
  if (Object.keys(env).some((name) => /^(?:npm_config_)?(?:https?[-_]proxy|all_proxy|proxy)$/i.test(name) && env[name]))
    return false;
  const registries = [...settings.matchAll(/^\s*(?:@[^:\s]+:)?registry\s*=\s*["']?(https?:\/\/\S+?)["']?\s*$/gm)];
  const resolved = [...(root.read("package-lock.json") ?? "").matchAll(/"resolved":\s*"(https?:\/\/[^/"]+)/g)];
  const urls = [...registries, ...resolved].flatMap(([, url = ""]) => (URL.canParse(url) ? [new URL(url)] : []));
  const hosts = new Set(urls.map(({ hostname }) => hostname));
  const lost = await Promise.all([...hosts].map(isLost));
  return lost.includes(true);
}

async function isLost(host: string): Promise<boolean> {
  try {
    await lookup(host.replace(/^\[|\]$/g, ""));
    return false;
  } catch (error) {
    // EAI_AGAIN: the name server did not answer, which may pass.
    return errnoCode(error) === "ENOTFOUND";
  }
}
