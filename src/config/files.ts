/** Names of configuration files, first found first read; the `knbuild` key of package.json comes last. */
export const CONFIG_FILES = ["knbuild.yaml", "knbuild.yml", "knbuild.json"] as const;

/** Pins of the bases, beside the app. */
export const LOCK_FILE = "knbuild.lock";
