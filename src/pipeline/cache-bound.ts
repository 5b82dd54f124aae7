/** The bound that builds have the cache held to, as their configuration says (`cacheMaxSize`). */
import { resolve } from "node:path";
import { openStore } from "../store/store.ts";
import { buildTargets } from "./build-images.ts";
import type { BuildOptions } from "./build-types.ts";
import { rememberedConfig } from "./remembered-config.ts";
import { boundBytes } from "./trim-cache.ts";

/**
 * The largest size that the directories' configuration asks for, or that of the images which it lists: the cache is theirs together.
 * @returns as it is written (`10GB`); undefined: no bound
 * @throws the errors of a configuration
 */
export async function cacheBound(
  dirs: readonly string[],
  options: Omit<BuildOptions, "dir">,
): Promise<string | undefined> {
  const { cwd = process.cwd(), env = process.env, overrides = {} } = options;
  const { builds } = await buildTargets(dirs, options);
  const asked = dirs.map((dir) => ({ dir, configFile: options.configFile, overrides }));
  const loaded = await Promise.all(
    [...asked, ...builds].map(({ dir, configFile, overrides: flags = {} }) =>
      rememberedConfig({ dir: resolve(cwd, dir), cwd, env, file: configFile, flags }, openStore(options.cacheDir)),
    ),
  );
  const said = loaded.filter(({ sources }) => sources["cacheMaxSize"] !== "default");
  const [largest] = (said.length > 0 ? said : loaded)
    .map(({ config }) => ({ text: config.cacheMaxSize, bytes: boundBytes(config.cacheMaxSize) ?? Infinity }))
    .sort((a, b) => b.bytes - a.bytes);
  return largest?.bytes === Infinity ? undefined : largest?.text;
}
