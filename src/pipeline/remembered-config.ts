/**
 * The configuration of a build, validated once: the schema library costs more to load than an unchanged app costs to build.
 * The key is everything that the configuration is made of, word by word.
 */
import { createHash } from "node:crypto";
import { canonicalJson } from "../base/canonical-json.ts";
import { knbuildVersion } from "../base/version.ts";
import { findConfig } from "../config/files.ts";
import type { LoadedConfig, LoadOptions } from "../config/load.ts";
import type { Store } from "../store/store.ts";

/** As `loadConfig`. */
export async function rememberedConfig(options: LoadOptions, store: Store): Promise<LoadedConfig> {
  const key = keyOf(options);
  const known = store.readRecord("configs", key) as LoadedConfig | undefined;
  if (known) return known;
  const { loadConfig } = await import("../config/load.ts");
  const loaded = loadConfig(options);
  store.writeRecord("configs", key, loaded);
  return loaded;
}

/** Projects without a configuration of their own have one in common. */
function keyOf(options: LoadOptions): string {
  const own = Object.entries(options.env ?? {}).filter(([name]) => name.startsWith("KNBUILD_"));
  return createHash("sha256")
    .update(canonicalJson([knbuildVersion(), findConfig(options) ?? null, own, options.flags ?? null]))
    .digest("hex");
}
