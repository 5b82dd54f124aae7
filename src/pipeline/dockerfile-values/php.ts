/** PHP: packages, extensions, assets, and the directory that the web server shows. */
import { posix } from "node:path";
import { copyLine } from "../../dockerfile/quote.ts";
import type { TemplateValues } from "../../dockerfile/template.ts";
import type { Detection } from "../../sdk.ts";
import type { Source } from "../../source/open.ts";
import { assetPackages } from "./asset-packages.ts";

/** Extensions that the image has to build → the Debian packages for that, and those that stay. The others are in it already. */
const EXTENSIONS: Readonly<Record<string, { build?: string; run?: string }>> = {
  bcmath: {},
  calendar: {},
  exif: {},
  ftp: {},
  gettext: {},
  mysqli: {},
  pcntl: {},
  pdo_mysql: {},
  shmop: {},
  sockets: {},
  bz2: { build: "libbz2-dev", run: "libbz2-1.0" },
  gd: {
    build: "libpng-dev libjpeg-dev libfreetype-dev libwebp-dev",
    run: "libpng16-16t64 libjpeg62-turbo libfreetype6 libwebp7",
  },
  gmp: { build: "libgmp-dev", run: "libgmp10" },
  intl: { build: "libicu-dev", run: "libicu76" },
  ldap: { build: "libldap-dev", run: "libldap2" },
  pdo_pgsql: { build: "libpq-dev", run: "libpq5" },
  pgsql: { build: "libpq-dev", run: "libpq5" },
  soap: { build: "libxml2-dev", run: "libxml2" },
  tidy: { build: "libtidy-dev", run: "libtidy58" },
  xsl: { build: "libxslt1-dev", run: "libxslt1.1" },
  zip: { build: "libzip-dev", run: "libzip5" },
};
/** Of PECL → what it takes to build them, and what stays. */
const PECL: Readonly<Record<string, { build?: string; run?: string }>> = {
  apcu: {},
  igbinary: {},
  mongodb: {},
  redis: {},
  imagick: { build: "libmagickwand-dev", run: "libmagickwand-7.q16-10" },
  memcached: { build: "libmemcached-dev zlib1g-dev", run: "libmemcached11t64" },
};

export function phpValues({ framework, packageManager, entrypoint }: Detection, source: Source): TemplateValues {
  const composer = packageManager === "composer";
  const assets = assetLines(source);
  return {
    composer,
    manifests:
      ["composer.json", "composer.lock", "symfony.lock"].filter((file) => source.isFile(file)).join(" ") ||
      "composer.json",
    // Packages of the project's own are read while installing.
    local: composer
      ? localPackages(source)
          .map((path) => copyLine([path], `./${path}`))
          .join("\n")
      : "",
    docroot: docroot(source, entrypoint, framework),
    // Addresses that are no file are the app's, where no .htaccess says so.
    fallback:
      framework !== null && !source.isFile(posix.join(docroot(source, entrypoint, framework).slice(1), ".htaccess")),
    environment:
      framework === "symfony"
        ? "ENV APP_ENV=prod APP_DEBUG=0"
        : framework === "laravel"
          ? "ENV LOG_CHANNEL=stderr"
          : "",
    extensions: extensionLines(source, framework),
    assets,
    console: framework === "symfony" && source.isFile("importmap.php") && source.isFile("bin/console"),
  };
}

/** As the web server's root and an address below it: `/public`; empty for the project's own directory. */
function docroot(source: Source, entrypoint: string | null, framework: string | null): string {
  // `web: heroku-php-apache2 public/`
  const said = /^web:.*heroku-php-\w+\s+(?:-\w\s+\S+\s+)*([\w./-]+?)\/?\s*$/m.exec(source.read("Procfile") ?? "")?.[1];
  const folder = said ?? (entrypoint === null ? (framework === "laravel" ? "public" : ".") : posix.dirname(entrypoint));
  return folder === "." ? "" : `/${folder}`;
}

function localPackages(source: Source): string[] {
  const text = source.read("composer.json") ?? "";
  const urls = [
    ...text.matchAll(
      /"type"\s*:\s*"path"[^}]*?"url"\s*:\s*"\.?\/?([^"]+)"|"url"\s*:\s*"\.?\/?([^"]+)"[^}]*?"type"\s*:\s*"path"/g,
    ),
  ].map(([, a, b]) => (a ?? b ?? "").replace(/\/?\*.*$/, ""));
  return [...new Set(urls)].filter((path) => path !== "" && !path.startsWith("..") && source.isDirectory(path));
}

function extensionLines(source: Source, framework: string | null): string {
  const names = new Set([...wantedExtensions(source), ...(framework === "laravel" ? ["pdo_mysql", "pdo_pgsql"] : [])]);
  const built = [...names].filter((name) => EXTENSIONS[name]).sort();
  const pecl = [...names].filter((name) => PECL[name]).sort();
  if (built.length + pecl.length === 0) return "";
  const libraries = (kind: "build" | "run"): string =>
    [
      ...new Set(
        [...built.map((name) => EXTENSIONS[name]), ...pecl.map((name) => PECL[name])].flatMap(
          (one) => one?.[kind]?.split(" ") ?? [],
        ),
      ),
    ].join(" ");
  const [build, run] = [libraries("build"), libraries("run")];
  const steps = [
    ...(built.includes("gd") ? ["docker-php-ext-configure gd --with-freetype --with-jpeg --with-webp"] : []),
    ...(built.length > 0 ? [`docker-php-ext-install ${built.join(" ")}`] : []),
    ...(pecl.length > 0
      ? [`pecl install ${pecl.join(" ")}`, `docker-php-ext-enable ${pecl.join(" ")}`, "rm -rf /tmp/pear"]
      : []),
  ];
  if (build === "") return `RUN ${steps.join(" \\\n    && ")}`;
  return [
    "# knbuild ignore=DL3008 reason=Debian keeps only the newest version of a package\nRUN apt-get update",
    `apt-get install -y --no-install-recommends ${run} ${build}`,
    ...steps,
    `apt-get purge -y --auto-remove ${build}`,
    "rm -rf /var/lib/apt/lists/*",
  ].join(" \\\n    && ");
}

/** What the project requires, and the packages of its lock file that run with it. */
function wantedExtensions(source: Source): string[] {
  const read = (file: string): unknown => (source.isFile(file) ? source.readJson(file) : {});
  const { packages = [] } = read("composer.lock") as { packages?: { require?: Record<string, string> }[] };
  const requires = [read("composer.json") as { require?: Record<string, string> }, ...packages];
  return requires.flatMap(({ require }) =>
    Object.keys(require ?? {}).flatMap((name) => (name.startsWith("ext-") ? [name.slice("ext-".length)] : [])),
  );
}

/** Scripts and styles that a package.json builds, as the lines of their stage; empty where there are none. */
function assetLines(source: Source): string {
  if (!source.isFile("package.json") || !source.isDirectory("public")) return "";
  const { scripts = {} } = source.readJson("package.json") as { scripts?: Record<string, string> };
  const script = ["build", "production", "prod"].find((name) => scripts[name] !== undefined);
  if (script === undefined) return "";
  const { lines, manager } = assetPackages(source);
  return [
    lines,
    "COPY . .",
    // Some read styles of packages.
    ...(source.isFile("composer.json") ? ["COPY --from=vendor /app/vendor ./vendor"] : []),
    `RUN ${manager} run ${script}`,
  ].join("\n");
}
