/** Ruby: gems and what of Debian they load, assets, and the server that the project brings. */
import { posix } from "node:path";
import { copyLine, shellWord } from "../../dockerfile/quote.ts";
import type { TemplateValues } from "../../dockerfile/template.ts";
import type { Detection } from "../../sdk.ts";
import type { Source } from "../../source/open.ts";
import { assetPackages } from "./asset-packages.ts";
import { LEADING_VARIABLES, procfileWeb } from "./procfile.ts";
import { isEnded } from "./runtime-line.ts";

/** Gems with C code → the Debian packages that they need when they run. */
const LIBRARIES: readonly [gem: string, packages: string][] = [
  ["pg", "libpq5"],
  ["mysql2", "libmariadb3"],
  ["sqlite3", "libsqlite3-0"],
  ["ruby-vips", "libvips42t64"],
  ["rmagick", "imagemagick"],
  ["mini_magick", "imagemagick"],
  ["charlock_holmes", "libicu76"],
  ["idn-ruby", "libidn12"],
  ["pdfkit", "wkhtmltopdf"],
  ["tiny_tds", "libsybdb5"],
];
/** Gems that need JavaScript to make assets. */
const JAVASCRIPT = [
  "execjs",
  "uglifier",
  "terser",
  "coffee-rails",
  "autoprefixer-rails",
  "jsbundling-rails",
  "cssbundling-rails",
  "webpacker",
  "shakapacker",
  "vite_rails",
  "react-rails",
  "babel-transpiler",
];
const PIPELINES = [
  "sprockets-rails",
  "propshaft",
  "jsbundling-rails",
  "cssbundling-rails",
  "importmap-rails",
  "webpacker",
  "shakapacker",
  "vite_rails",
  "sass-rails",
  "sassc-rails",
];
/** Servers of Rack, the best first. */
const SERVERS: readonly [gem: string, command: string][] = [
  ["puma", "puma --bind tcp://0.0.0.0:${PORT:-8080}"],
  ["falcon", "falcon serve --bind http://0.0.0.0:${PORT:-8080}"],
  ["unicorn", "unicorn --listen 0.0.0.0:${PORT:-8080}"],
  ["pitchfork", "pitchfork --listen 0.0.0.0:${PORT:-8080}"],
  ["iodine", "iodine -b 0.0.0.0 -p ${PORT:-8080}"],
  ["thin", "thin start --address 0.0.0.0 --port ${PORT:-8080}"],
  ["passenger", "passenger start --address 0.0.0.0 --port ${PORT:-8080}"],
];

/** @param version line of the image, unless the Gemfile demands a Ruby to the last digit */
export function rubyValues(
  { framework, entrypoint, runtimeVersion }: Detection,
  source: Source,
  version: string,
): TemplateValues {
  const gemfile = source.read("Gemfile") ?? "";
  const gems = `${gemfile}\n${source.read("Gemfile.lock") ?? ""}`;
  const has = (gem: string): boolean => new RegExp(`^\\s*(?:gem\\s*\\(?\\s*["'])?${gem}(?:["' ]|$)`, "m").test(gems);
  const rails = framework === "rails";
  const manifests = ["Gemfile", "Gemfile.lock", ".ruby-version", ".tool-versions"].filter((file) =>
    source.isFile(file),
  );
  const libraries = LIBRARIES.filter(([gem]) => has(gem)).map(([, packages]) => packages);
  const assets = rails && source.isDirectory("app/assets") && PIPELINES.some(has);
  const javascript = assets && (source.isFile("package.json") || JAVASCRIPT.some(has));
  const local = localGems(source, gemfile);
  return {
    version: demanded(source, gemfile) ?? lockedLine(source, runtimeVersion, version),
    // Only of lines that have ended does lint speak.
    demanded: isEnded("ruby", demanded(source, gemfile) ?? version),
    rails,
    manifests: manifests.join(" ") || "Gemfile",
    // Gems of the project itself, or in vendor/cache, are read while installing.
    local: [...(source.isDirectory("vendor/cache") ? ["vendor/cache"] : []), ...local]
      .map((path) => copyLine([path], `./${path}`))
      .join("\n"),
    withsource: /^\s*gemspec\b/m.test(gemfile),
    javascript,
    modules: javascript && source.isFile("package.json") ? assetPackages(source).lines : "",
    build: rails ? buildLines(source, assets, has("bootsnap")) : "",
    libraries: [...new Set(libraries)].join(" "),
    start: startCommand(framework, entrypoint, source, has),
  };
}

/** Code compiled once instead of at each start, and assets, made without the real secret. */
function buildLines(source: Source, assets: boolean, bootsnap: boolean): string {
  const code = ["app", "lib"].filter((folder) => source.isDirectory(folder)).map((folder) => `${folder}/`);
  const commands = [
    ...(bootsnap ? [`bundle exec bootsnap precompile --gemfile ${code.join(" ")}`] : []),
    ...(assets
      ? ["SECRET_KEY_BASE_DUMMY=1 SECRET_KEY_BASE=build RAILS_ENV=production bundle exec rails assets:precompile"]
      : []),
  ];
  return commands.length === 0 ? "" : `RUN ${commands.join(" \\\n    && ")}`;
}

/** Bundler refuses any other Ruby than the exact one that a Gemfile names; a range is satisfied by its newest. */
function demanded(source: Source, gemfile: string): string | undefined {
  const said = /^\s*ruby\s*\(?\s*["']=?\s*(\d+\.\d+\.\d+)["']/m.exec(gemfile)?.[1];
  if (said !== undefined) return said;
  if (!/^\s*ruby\s*\(?\s*file:/m.test(gemfile)) return undefined;
  return /(\d+\.\d+\.\d+)/.exec(source.read(".ruby-version") ?? "")?.[1];
}

/** Of a range without an end the line that the gems were locked with, where that one still gets fixes. */
function lockedLine(source: Source, asked: string | null, version: string): string {
  if (asked !== null && !/^\s*>/.test(asked)) return version;
  const line = /^RUBY VERSION\s+ruby (\d+\.\d+)/m.exec(source.read("Gemfile.lock") ?? "")?.[1];
  return line === undefined || isEnded("ruby", line) ? version : line;
}

function localGems(source: Source, gemfile: string): string[] {
  const paths = [...gemfile.matchAll(/\bpath:?\s*(?:=>)?\s*["']\.?\/?([^"']+)["']/g)].map(([, path]) =>
    posix.normalize(path as string),
  );
  return [...new Set(paths)].filter((path) => path !== "." && !path.startsWith("..") && source.isDirectory(path));
}

function startCommand(
  framework: string | null,
  entrypoint: string | null,
  source: Source,
  has: (gem: string) => boolean,
): string {
  const web = procfileWeb(source);
  if (web !== undefined) {
    const variables = LEADING_VARIABLES.exec(web)?.[1] ?? "";
    const program = web.replace(LEADING_VARIABLES, "");
    const command = /^(?:bundle exec|bin\/|bundle\s)/.test(program) ? program : `bundle exec ${program}`;
    // What a server's own configuration says of the port goes by PORT, which is 8080 where nobody sets it.
    const port = web.includes("PORT") ? "" : "PORT=${PORT:-8080} ";
    return `${port || variables ? "env " : ""}${port}${variables}${command}`;
  }
  if (framework === "rails") return "bundle exec rails server -b 0.0.0.0 -p ${PORT:-8080}";
  if (source.isFile("config.ru")) {
    const server = SERVERS.find(([gem]) => has(gem))?.[1] ?? "rackup --host 0.0.0.0 -p ${PORT:-8080}";
    return `bundle exec ${server}`;
  }
  const file = shellWord(entrypoint ?? "app.rb");
  return framework === "sinatra" ? `bundle exec ruby ${file} -o 0.0.0.0 -p \${PORT:-8080}` : `bundle exec ruby ${file}`;
}
