/** knbuild's own code, as a value. */
declare const __KNBUILD_SOURCES__: string;

/** What this code remembers of its own answers, another one might answer differently. Empty when the sources run as they are. */
export function programDigest(): string {
  return typeof __KNBUILD_SOURCES__ === "string" ? __KNBUILD_SOURCES__ : "";
}
