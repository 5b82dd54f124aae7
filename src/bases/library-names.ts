/**
 * How Debian names the package of a shared library: after its soname (Policy 8.1), with what transitions and habit have added.
 * Only for archives whose Contents index cannot be had: there the files themselves say it.
 */

/** Packages that are named after another library, or after all that they hold. */
const OTHERWISE_NAMED: readonly [library: RegExp, name: string][] = [
  [/^lib(?:glib|gobject|gio|gmodule|gthread)-2\.0\.so\.0$/, "libglib2.0-0"],
  [/^lib(?:crypto|ssl)\.so\.3$/, "libssl3"],
  [/^libz\.so\.1$/, "zlib1g"],
  [/^lib(?:nss|nssutil|smime|ssl|softokn|freebl)3\.so$/, "libnss3"],
  [/^lib(?:nspr|plc|plds)4\.so$/, "libnspr4"],
  [/^libicu(?:uc|i18n|data|io|tu)\.so\.(\d+)$/, "libicu$1"],
  [/^libgdk-3\.so\.0$/, "libgtk-3-0"],
  [/^libatspi\.so\.0$/, "libatspi2.0-0"],
  [/^libvips-cpp\.so\.(\d+)$/, "libvips$1"],
  [/^libbrotli(?:dec|enc|common)\.so\.1$/, "libbrotli1"],
  [/^libGLESv(\d)(?:_CM)?\.so\.\d$/, "libgles$1"],
  [/^libgst(?:base|net|controller|check)-1\.0\.so\.0$/, "libgstreamer1.0-0"],
  [/^libldap\.so\.2$|^liblber\.so\.2$/, "libldap2"],
];

/** What a library's package may be called beyond the name that policy gives: `libharfbuzz0b`, `libxslt1.1`, `libjpeg62-turbo`. */
const ADDED = /^(?:\.\d+)*[a-z]?(?:t64)?(?:-[a-z]+)?$/;
/** Of such, those that hold no library for programs to run with. */
const BESIDE = /-(?:dev|dbg|dbgsym|bin|data|doc|docs|common|tools|utils|udeb|plugins|examples|i18n|headers)$/;

/** Debian names a library's package after its soname (Policy 8.1). */
export function ownName(library: string): string {
  const [stem = "", version = ""] = library.split(/\.so\.?/);
  const hyphen = /\d$/.test(stem) && version !== "" ? "-" : "";
  return `${stem}${hyphen}${version}`.toLowerCase().replaceAll("_", "-");
}

/** @param names of all packages of the archive @returns the likeliest first */
export function packagesNamedLike(library: string, names: Iterable<string>): string[] {
  const other = OTHERWISE_NAMED.map(([pattern, name]) => pattern.test(library) && library.replace(pattern, name)).find(
    (name) => name,
  );
  const own = ownName(library);
  // `libglib-2.0.so.0` → libglib2.0-0; `libxml2.so.2` → libxml2.
  const wanted = other ? [other] : [own, own.replace(/-(?=\d)/, ""), own.replace(/(\d+)-\1$/, "$1")];
  const found: [rank: number, name: string][] = [];
  for (const name of names) {
    wanted.forEach((start, i) => {
      if (!name.startsWith(start)) return;
      const rest = name.slice(start.length);
      const rank = rest === "" ? 0 : rest === "t64" ? 1 : ADDED.test(rest) && !BESIDE.test(rest) ? 2 : -1;
      if (rank >= 0) found.push([i + 3 * rank, name]);
    });
  }
  found.sort(([a, x], [b, y]) => a - b || x.length - y.length || (x < y ? -1 : 1));
  return [...new Set(found.map(([, name]) => name))];
}
