/**
 * The configuration of a build, validated once: the schema library costs more to load than an unchanged app costs to build.
 * The key is everything that the configuration is made of, word by word.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { canonicalJson } from "../base/canonical-json.ts";
import { knbuildVersion } from "../base/version.ts";
import { CONFIG_FILES } from "../config/files.ts";
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

function keyOf({ dir, file, cwd, env = {}, flags }: LoadOptions): string {
  const named = file ?? env["KNBUILD_CONFIG"];
  const paths = named
    ? [isAbsolute(named) ? named : resolve(cwd ?? dir, named)]
    : [...CONFIG_FILES, "package.json"].map((name) => join(dir, name));
  const texts = paths.map((path) => {
    try {
      return [path, readFileSync(path, "utf8")];
    } catch {
      return [path];
    }
  });
  const own = Object.entries(env).filter(([name]) => name.startsWith("KNBUILD_"));
  return createHash("sha256")
    .update(canonicalJson([knbuildVersion(), texts, own, flags ?? null]))
    .digest("hex");
}
