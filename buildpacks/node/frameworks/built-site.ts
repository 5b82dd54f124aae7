/** A site with a build of its own that no generator's or bundler's name tells: its script runs, and what it makes is looked for. */
import { readStaticfile } from "../../../src/sdk.ts";
import type { App } from "../app.ts";
import { findEntry } from "../entry.ts";
import type { Framework } from "../framework.ts";

/** Where a hand-written page is a site as it lies, once the build has made its scripts and styles. */
const SITES = [".", "public", "www", "static", "site"];
/** Where pages and templates of one lie. */
const PAGES = [...SITES, "src", "app", "client", "source", "content", "pages", "views", "templates", "src/pages"];
const PAGE = /^index\.(?:html?|pug|jade|njk|nunjucks|ejs|hbs|handlebars|liquid|haml|twig|mustache|md)$/;
/** Where builds write. */
const OUTPUTS = [
  "dist",
  "build",
  "public",
  "_site",
  "out",
  "www",
  "output",
  "site",
  "dist/client",
  "build/client",
  "build/default",
];
/** `mv build _static` after a generator has written there. */
const MOVED =
  /(?<![\w-])(?:mv|cp)(?:\s+-\w+)*\s+[\w./*-]+\s+(?:\.\/)?([\w][\w.-]*(?:\/[\w.-]+)*)\/?(?=\s*(?:$|[;&|]))/g;
/** Programs for developing a site: they build, or serve what is being written. */
const FOR_DEVELOPMENT =
  /^(?:gulp|grunt|webpack|webpack-dev-server|rollup|esbuild|parcel|polymer|vite|wmr|budo|snowpack|web-dev-server|wds|es-dev-server|live-server|lite-server|browser-sync|five-server)$/;

export default {
  id: "built-site",
  detect(app) {
    const { build, start, manifest } = app;
    const developed = isDevelopmentServer(app);
    if (!build || (start !== undefined && !developed && !(start.kind === "tool" && FOR_DEVELOPMENT.test(start.target))))
      return undefined;
    const page = findPage(app);
    if (page === undefined || isPublished(app)) return undefined;
    const entry = developed ? undefined : findEntry(app).entry;
    // A program has a page to show it, somewhere below; one at the top is what the project is about.
    const program = entry !== undefined || Object.keys(manifest?.bin ?? {}).length > 0;
    if ((program && page !== "index.html") || (entry?.look && entry.look.verdict !== "nothing")) return undefined;
    return [page, `package.json scripts.${build.name}: ${build.line}`];
  },
  plan(app) {
    const places = placesOf(app);
    return {
      start: {
        static: places[0] as string,
        spa: false,
        instead: places.slice(1),
        page: { written: SITES.map(pageIn).find((path) => app.source.isFile(path)) },
      },
      evidence: "a site of plain files, as its build script leaves them",
      build: { command: [], outputs: [] },
    };
  },
} satisfies Framework;

/** A program of the project's own that serves what is being written: an ejected `react-scripts start`. */
function isDevelopmentServer(app: App): boolean {
  const packages = app.start?.kind === "file" ? findEntry(app).entry?.look?.packages : undefined;
  return packages?.some((name) => /^(?:webpack-dev-server|@rspack\/dev-server)$/.test(name)) ?? false;
}

/** What a package.json says for those who install the package, which nobody does with a site. */
const FOR_USERS = ["exports", "module", "types", "typings", "files", "unpkg", "jsdelivr", "peerDependencies"];
const BUILT_LIBRARY = /^(?:\.\/)?(?:dist|lib|build|cjs|umd|esm?)\/.*\.[cm]?js$/;

/** A library: its build makes what is published, and its page shows it. `main` alone is what `npm init` writes anywhere. */
function isPublished(app: App): boolean {
  const raw = (app.source.readJson("package.json") ?? {}) as Record<string, unknown>;
  if (raw["private"] === true) return false;
  return FOR_USERS.some((key) => raw[key] !== undefined) || BUILT_LIBRARY.test(app.manifest?.main ?? "");
}

const pageIn = (place: string) => (place === "." ? "index.html" : `${place}/index.html`);

function findPage(app: App): string | undefined {
  for (const place of PAGES) {
    // A workspace's member, which is a site of its own.
    if (app.isWorkspaceRoot && place !== "." && app.source.isFile(`${place}/package.json`)) continue;
    const name = app.source.names(place).find((name) => PAGE.test(name));
    if (name !== undefined) return place === "." ? name : `${place}/${name}`;
  }
  return undefined;
}

/** What the user says, what the build's command names, where builds write, and the page as it lies. */
function placesOf(app: App): string[] {
  const said = readStaticfile(app.source)?.root;
  const named = [
    ...(app.build?.line ?? "").matchAll(
      /(?<![\w./-])(?:\.\/)?(dist|build|public|_site|out|www|output|site)(?![\w.-])/g,
    ),
  ];
  const there = SITES.filter((place) => app.source.isFile(pageIn(place)));
  return [
    ...new Set([
      ...(said === undefined ? [] : [said]),
      ...buildOutputs(
        app,
        named.map((match) => match[1] as string),
      ),
      ...there,
    ]),
  ];
}

/** Directories that a build may have written a site to: none that has a page before. @param first the likeliest */
export function buildOutputs(app: App, first: readonly string[] = []): string[] {
  const pages = app.source.list().flatMap(({ path }) => (/(?:^|\/)index\.html$/.test(path) ? [path] : []));
  const moved = [...(app.build?.line ?? "").matchAll(MOVED)].map((match) => match[1] as string);
  return [...new Set([...first, ...OUTPUTS, ...moved])].filter(
    (place) => !pages.some((page) => page.startsWith(`${place}/`)),
  );
}
