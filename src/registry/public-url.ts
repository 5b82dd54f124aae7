/** URLs as they may be shown: without user information and without the query of signed links. */
const HARMLESS = new Set(["n", "last", "mount", "from", "digest", "artifactType", "ns", "service", "scope"]);

export function publicUrl(url: URL): string {
  const shown = new URL(url.href);
  shown.username = "";
  shown.password = "";
  shown.hash = "";
  let hidden = false;
  for (const name of [...shown.searchParams.keys()]) {
    if (HARMLESS.has(name)) continue;
    shown.searchParams.delete(name);
    hidden = true;
  }
  return hidden ? `${shown.href}${shown.search ? "&" : "?"}…` : shown.href;
}
