/** Ruby, PHP, Deno, Bun: interpreters with the app's files beside them. */
import type { TemplateValues } from "../../dockerfile/template.ts";
import type { Detection } from "../../sdk.ts";
import type { Source } from "../../source/open.ts";
import { procfileWeb } from "./procfile.ts";

/** Gems with C code → the Debian package that they need when they run. */
const GEM_LIBRARIES: readonly [gem: string, library: string][] = [
  ["pg", "libpq5"],
  ["mysql2", "libmariadb3"],
  ["sqlite3", "libsqlite3-0"],
  ["ruby-vips", "libvips42t64"],
];

export function rubyValues({ framework, entrypoint }: Detection, source: Source): TemplateValues {
  const gems = `${source.read("Gemfile") ?? ""}\n${source.read("Gemfile.lock") ?? ""}`;
  const has = (gem: string): boolean => new RegExp(`^\\s*(?:gem ["'])?${gem}(?:["' ]|$)`, "m").test(gems);
  const rails = framework === "rails";
  const manifests = ["Gemfile", "Gemfile.lock", ".ruby-version"].filter((file) => source.isFile(file));
  const libraries = GEM_LIBRARIES.filter(([gem]) => has(gem)).map(([, library]) => library);
  return {
    rails,
    manifests: manifests.join(" ") || "Gemfile",
    // Gems of the project itself, or in vendor/cache, are read while installing.
    vendored: source.isDirectory("vendor/cache"),
    libraries: libraries.join(" "),
    start:
      procfileWeb(source) ??
      (rails
        ? "bundle exec rails server -b 0.0.0.0 -p ${PORT:-8080}"
        : source.isFile("config.ru")
          ? has("puma")
            ? "bundle exec puma --bind tcp://0.0.0.0:${PORT:-8080}"
            : "bundle exec rackup --host 0.0.0.0 -p ${PORT:-8080}"
          : framework === "sinatra"
            ? `bundle exec ruby ${entrypoint ?? "app.rb"} -o 0.0.0.0 -p \${PORT:-8080}`
            : `bundle exec ruby ${entrypoint ?? "app.rb"}`),
  };
}

/** Extensions that the image has to build → the Debian packages for that, and those that stay. The others are in it already. */
const EXTENSIONS: Readonly<Record<string, { build?: string; run?: string }>> = {
  bcmath: {},
  calendar: {},
  exif: {},
  gettext: {},
  mysqli: {},
  pcntl: {},
  pdo_mysql: {},
  sockets: {},
  gd: { build: "libpng-dev", run: "libpng16-16t64" },
  gmp: { build: "libgmp-dev", run: "libgmp10" },
  intl: { build: "libicu-dev", run: "libicu76" },
  pdo_pgsql: { build: "libpq-dev", run: "libpq5" },
  pgsql: { build: "libpq-dev", run: "libpq5" },
  soap: { build: "libxml2-dev", run: "libxml2" },
  xsl: { build: "libxslt1-dev", run: "libxslt1.1" },
  zip: { build: "libzip-dev", run: "libzip5" },
};

export function phpValues({ framework, packageManager, entrypoint }: Detection, source: Source): TemplateValues {
  const composer = packageManager === "composer";
  const manifest = source.read("composer.json") ?? "";
  const wanted = [...manifest.matchAll(/"ext-([a-z_]+)"/g)].map(([, name]) => name as string);
  const extensions = [...new Set([...wanted, ...(framework === "laravel" ? ["pdo_mysql"] : [])])]
    .filter((name) => EXTENSIONS[name])
    .sort();
  const libraries = (kind: "build" | "run"): string[] => [
    ...new Set(extensions.flatMap((name) => EXTENSIONS[name]?.[kind] ?? [])),
  ];
  const [build, run] = [libraries("build").join(" "), libraries("run").join(" ")];
  const install = `docker-php-ext-install ${extensions.join(" ")}`;
  return {
    composer,
    manifests: ["composer.json", "composer.lock"].filter((file) => source.isFile(file)).join(" ") || "composer.json",
    docroot: entrypoint?.startsWith("public/") || framework === "laravel" ? "/public" : "",
    extensions:
      extensions.length === 0
        ? ""
        : build === ""
          ? `RUN ${install}`
          : [
              "# knbuild ignore=DL3008 reason=Debian keeps only the newest version of a package\nRUN apt-get update",
              `apt-get install -y --no-install-recommends ${run} ${build}`,
              install,
              `apt-get purge -y --auto-remove ${build}`,
              "rm -rf /var/lib/apt/lists/*",
            ].join(" \\\n    && "),
  };
}

export function denoValues({ entrypoint }: Detection, source: Source): TemplateValues {
  const entry = entrypoint ?? "main.ts";
  const settings = ["deno.json", "deno.jsonc"].map((file) => source.read(file) ?? "").join("\n");
  const task = /"(?:start|serve|preview)"\s*:\s*"deno (?:run|serve) ([^"]*)"/.exec(settings)?.[1]?.split(/\s+/) ?? [];
  const at = task.findIndex((word) => !word.startsWith("-"));
  const flags = (at < 0 ? [] : task.slice(0, at)).filter((flag) => !/^--(?:watch|env|inspect|port|host)/.test(flag));
  const main = task[at] !== undefined && source.isFile(task[at].replace(/^\.\//, "")) ? task[at] : entry;
  // The lock file decides; without one none is written, by the build nor by the app.
  const lock = source.isFile("deno.lock") ? "--frozen" : "--no-lock";
  const words = flags.length > 0 ? flags : ["--allow-net", "--allow-env", "--allow-read"];
  // As a part of CMD's list.
  return { entry: main, lock, flags: [lock, "--cached-only", ...words].map((word) => JSON.stringify(word)).join(", ") };
}

export function bunValues({ entrypoint }: Detection, source: Source): TemplateValues {
  const locks = ["bun.lock", "bun.lockb"].filter((file) => source.isFile(file));
  const manifests = ["package.json", ...locks, "bunfig.toml"].filter((file) => source.isFile(file));
  return {
    entry: entrypoint ?? "index.ts",
    manifests: source.isFile("package.json") ? manifests.join(" ") : "",
    frozen: locks.length > 0 ? " --frozen-lockfile" : "",
  };
}
