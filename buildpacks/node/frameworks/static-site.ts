/** Generators and bundlers whose build makes a site of plain files. */
import { posix } from "node:path";
import type { App } from "../app.ts";
import { findEntry, ownServer } from "../entry.ts";
import {
  assertNoPlatformPlugin,
  configFile,
  type Framework,
  type FrameworkPlan,
  ownDependency,
  serverByVite,
} from "../framework.ts";
import { managerProgram } from "../manager.ts";
import {
  BUNDLER_CONFIGS,
  clean,
  docusaurusOutput,
  eleventyOutput,
  polymerOutput,
  viteOutput,
  vitepressOutput,
  vuepressOutput,
  webpackOutput,
} from "../site-outputs.ts";
import { unwrapped } from "../start.ts";
import { simpleCommands } from "../words.ts";
import { buildOutputs } from "./built-site.ts";

interface Site {
  id: string;
  packages: string[];
  command: string[];
  output(app: App): string;
  /** The index answers paths that are no files. */
  spa: boolean | ((app: App) => boolean);
  /** More than the dependency must be there. */
  needs?: (app: App) => string | undefined;
  /** What of the app the files will lack. */
  warn?: (app: App) => FrameworkPlan["warnings"];
}

const SITES: readonly Site[] = [
  {
    id: "storybook",
    packages: ["storybook"],
    command: ["storybook", "build"],
    output: (app) =>
      clean(/(?:-o|--output-dir)[= ]+["']?([\w./-]+)/.exec(app.build?.line ?? "")?.[1] ?? "storybook-static"),
    spa: false,
    // Beside an app its stories are no site; a project whose build makes them, or that starts nothing else, is one.
    needs: ({ build, start }) => {
      if (build)
        return /^(?:storybook build|build-storybook)\b/.test(build.line)
          ? `package.json scripts.${build.name}`
          : undefined;
      return start?.kind === "tool" && /^(?:start-)?storybook$/.test(start.target) ? start.from : undefined;
    },
  },
  {
    id: "gatsby",
    packages: ["gatsby"],
    command: ["gatsby", "build"],
    output: () => "public",
    spa: false,
    warn: gatsbyOnServer,
  },
  {
    id: "docusaurus",
    packages: ["@docusaurus/core"],
    command: ["docusaurus", "build"],
    output: () => "build",
    spa: false,
  },
  {
    id: "vitepress",
    packages: ["vitepress"],
    command: ["vitepress", "build"],
    output: vitepressOutput,
    spa: false,
    needs: vitepressPages,
  },
  { id: "eleventy", packages: ["@11ty/eleventy"], command: ["eleventy"], output: eleventyOutput, spa: false },
  {
    id: "cra",
    packages: ["react-scripts", "@craco/craco"],
    command: ["react-scripts", "build"],
    output: () => "build",
    spa: true,
  },
  {
    id: "vue-cli",
    packages: ["@vue/cli-service"],
    command: ["vue-cli-service", "build"],
    output: () => "dist",
    spa: true,
  },
  {
    id: "vite",
    packages: ["vite", "rolldown-vite"],
    command: ["vite", "build"],
    output: viteOutput,
    spa: true,
    needs: (app) =>
      app.source.isFile("index.html")
        ? (configFile(app, "vite.config")?.file ?? "index.html")
        : otherProgram(app) === undefined && serverByVite(app) === undefined && !makesLibrary(app)
          ? configFile(app, "vite.config")?.file
          : undefined,
  },
  {
    id: "parcel",
    packages: ["parcel", "parcel-bundler"],
    command: ["parcel", "build"],
    output: () => "dist",
    spa: true,
  },
  {
    id: "expo",
    packages: ["expo"],
    command: ["expo", "export", "--platform", "web"],
    output: (app) => clean(/--output-dir[= ]+["']?([\w./-]+)/.exec(app.build?.line ?? "")?.[1] ?? "dist"),
    spa: (app) => expoOutput(app) === "single",
    needs: (app) => ownDependency(app, "react-native-web") ?? expoExport(app),
  },
  { id: "hexo", packages: ["hexo"], command: ["hexo", "generate"], output: () => "public", spa: false },
  {
    id: "vuepress",
    packages: ["vuepress"],
    command: ["vuepress", "build", "docs"],
    output: vuepressOutput,
    spa: false,
  },
  {
    id: "rspress",
    packages: ["@rspress/core", "rspress"],
    command: ["rspress", "build"],
    output: () => "doc_build",
    spa: false,
  },
  { id: "slidev", packages: ["@slidev/cli"], command: ["slidev", "build"], output: () => "dist", spa: true },
  { id: "honkit", packages: ["honkit"], command: ["honkit", "build"], output: () => "_book", spa: false },
  { id: "gridsome", packages: ["gridsome"], command: ["gridsome", "build"], output: () => "dist", spa: false },
  {
    id: "observable",
    packages: ["@observablehq/framework"],
    command: ["observable", "build"],
    output: () => "dist",
    spa: false,
  },
  {
    id: "ember",
    packages: ["ember-cli"],
    command: ["ember", "build", "--environment=production"],
    output: () => "dist",
    spa: true,
  },
  { id: "umi", packages: ["umi", "@umijs/max"], command: ["umi", "build"], output: () => "dist", spa: true },
  { id: "preact-cli", packages: ["preact-cli"], command: ["preact", "build"], output: () => "build", spa: true },
  {
    id: "brunch",
    packages: ["brunch"],
    command: ["brunch", "build", "--production"],
    output: () => "public",
    spa: true,
  },
  {
    id: "sapper",
    packages: ["sapper"],
    command: ["sapper", "export"],
    output: () => "__sapper__/export",
    spa: false,
    // `sapper build` makes a server instead.
    needs: (app) => (/\bsapper export\b/.test(app.build?.line ?? "") ? "sapper export" : undefined),
  },
  { id: "polymer", packages: ["polymer-cli"], command: ["polymer", "build"], output: polymerOutput, spa: true },
  {
    id: "docusaurus-1",
    packages: ["docusaurus"],
    command: ["docusaurus-build"],
    output: docusaurusOutput,
    spa: false,
  },
  { id: "snowpack", packages: ["snowpack"], command: ["snowpack", "build"], output: () => "build", spa: true },
  { id: "sanity", packages: ["sanity"], command: ["sanity", "build"], output: () => "dist", spa: true },
  {
    id: "quasar",
    packages: ["@quasar/app-vite", "@quasar/app-webpack", "@quasar/app"],
    command: ["quasar", "build"],
    output: () => "dist/spa",
    spa: true,
  },
  {
    id: "stencil",
    packages: ["@stencil/core"],
    command: ["stencil", "build"],
    output: () => "www",
    spa: true,
    // Without a page it is a library of components.
    needs: (app) => (app.source.isFile("src/index.html") ? "src/index.html" : undefined),
  },
  { id: "sanity", packages: ["sanity", "@sanity/base"], command: ["sanity", "build"], output: () => "dist", spa: true },
  { id: "rsbuild", packages: ["@rsbuild/core"], command: ["rsbuild", "build"], output: () => "dist", spa: true },
  {
    id: "webpack",
    packages: ["webpack", "@rspack/core"],
    command: ["webpack", "--mode", "production"],
    output: webpackOutput,
    spa: true,
    needs: writesPage,
  },
];

function find(app: App): { site: Site; evidence: string[] } | undefined {
  for (const site of SITES) {
    const dependency = site.packages.map((name) => ownDependency(app, name)).find((found) => found !== undefined);
    if (dependency === undefined) continue;
    const more = site.needs?.(app);
    if (site.needs && more === undefined) continue;
    return { site, evidence: [dependency, ...(more === undefined ? [] : [more])] };
  }
  return undefined;
}

/** Programs of server frameworks: what is bundled beside such a one is its scripts and styles. */
const SERVER_PROGRAM =
  /^(?:egg-scripts|eggctl|moleculer-runner|fastify|functions-framework|strapi|keystone|probot|lb4|sails|foal)$/;

/** One framework a row: the same way of building and serving. */
export const STATIC_SITES: readonly Framework[] = SITES.map((site) => ({
  id: site.id,
  detect(app) {
    const found = find(app);
    if (found?.site !== site || ownServer(app) || startsBuilt(app)) return undefined;
    if (SERVER_PROGRAM.test(app.start?.target ?? "")) return undefined;
    return found.evidence;
  },
  plan(given) {
    if (site.id === "vite") assertNoPlatformPlugin(given, "a site of plain files");
    const app = withOwnScript(given, site.command);
    const output = site.output(app);
    const spa = typeof site.spa === "boolean" ? site.spa : site.spa(app);
    return {
      // Without its index a build is no site: a library, or a worker for another platform. A configuration may compute where it goes.
      start: { static: output, spa, instead: buildOutputs(app).filter((place) => place !== output) },
      evidence: `${site.id} builds a site in ${output}`,
      build: {
        command: app === given ? site.command : [managerProgram(app), "run", app.build?.name ?? ""],
        outputs: [],
      },
      warnings: site.warn?.(app) ?? [],
    };
  },
}));

/**
 * The script that calls the generator and nothing else, where none is called `build`: `docs:build` is VitePress's own name for it. What
 * does more may publish, what watches never ends; of several that differ none is the build.
 */
function withOwnScript(app: App, command: string[]): App {
  if (app.build !== undefined || command[1] !== "build") return app;
  const scripts = app.manifest?.scripts ?? {};
  const calls = (line: string) =>
    simpleCommands(line).every(({ words, operator }) => {
      const [tool, verb, ...flags] = unwrapped(words);
      return tool === command[0] && verb === "build" && operator !== "&" && !flags.some((flag) => WATCHES.test(flag));
    });
  const all = Object.entries(scripts).filter(
    ([name, line]) => line.trim() !== "" && calls(line) && scripts[`post${name}`] === undefined,
  );
  const named = all.filter(([name]) => /(?:^|:)build(?:$|:)/.test(name));
  const [found, ...others] = named.length > 0 ? named : all;
  if (found === undefined || others.some(([, line]) => line !== found[1])) return app;
  const [name, line] = found;
  return { ...app, build: { name, line, compilesOnly: false, needsCompiler: false } };
}

const WATCHES = /^(?:--watch(?:=|$)|-w$)/;

/** `node dist/index.js` starts what the build makes: the bundler makes a server (`@hono/vite-build/node`), no site. */
function startsBuilt(app: App): boolean {
  return app.start?.kind === "file" && findEntry(app).entry?.built === true;
}

/** What starts a program of another language here: a bundler beside it makes that program's scripts and styles, no site. */
function otherProgram(app: App): string | undefined {
  return [
    "artisan",
    "bin/console",
    "composer.json",
    "config.ru",
    "manage.py",
    "mix.exs",
    "pom.xml",
    "build.gradle",
  ].find((file) => app.source.isFile(file));
}

/** Pages and functions that only Gatsby's own server makes: they are not among the files that the build writes. */
function gatsbyOnServer(app: App): FrameworkPlan["warnings"] {
  const scripts = app.source
    .list()
    .flatMap(({ path }) => (/^src\/(?:pages|api)\/.*\.[jt]sx?$/.test(path) ? [path] : []));
  const served = scripts.filter(
    (path) => path.startsWith("src/api/") || /\bexport\b[^\n]*\bgetServerData\b/.test(app.source.read(path) ?? ""),
  );
  if (served.length === 0) return [];
  const more = served.length > 3 ? ` and ${served.length - 3} more` : "";
  return [
    {
      code: "GATSBY_SERVER_PAGES",
      message: `${served.slice(0, 3).join(", ")}${more}: made on a server at each request; the image serves what gatsby build writes, and answers 404 there`,
      hint: "Pages without getServerData are files; functions of src/api can be a service of their own.",
    },
  ];
}

/** A phone app has no web build unless it asks for one. */
function expoExport(app: App): string | undefined {
  return /\bexpo export\b/.test(app.build?.line ?? "")
    ? `package.json scripts.${app.build?.name}: expo export`
    : undefined;
}

/** `web.output`: `single` (one index for all paths, the default), `static`, or `server`, which Expo's own hosting runs. */
function expoOutput(app: App): string {
  const json = app.source.isFile("app.json") ? app.source.readJson("app.json", { comments: true }) : undefined;
  const table = json as { expo?: { web?: { output?: unknown } } } | null | undefined;
  const output = table?.expo?.web?.output;
  return typeof output === "string" ? output : "single";
}

/** `build: { lib: { entry: … } }` */
const makesLibrary = (app: App) => /\blib\s*:\s*\{/.test(configFile(app, "vite.config")?.text ?? "");

/** webpack bundles libraries and servers too: what writes a page makes a site of it. */
function writesPage(app: App): string | undefined {
  for (const name of BUNDLER_CONFIGS) {
    const config = configFile(app, name);
    if (config && /\bHtml(?:Webpack|Rspack|Bundler)Plugin\b|html-(?:webpack|bundler-webpack)-plugin/.test(config.text))
      return config.file;
  }
  return undefined;
}

/** A package that was published names its tools, and has no pages. */
function vitepressPages(app: App): string | undefined {
  const folder = posix.join(vitepressOutput(withOwnScript(app, ["vitepress", "build"])), "../..");
  return [".vitepress", "index.md"].map((name) => posix.join(folder, name)).find((path) => app.source.exists(path));
}
