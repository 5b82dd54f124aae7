/** The frameworks, most specific first: an app that uses two is the first one's. */
import type { App } from "./app.ts";
import type { Framework } from "./framework.ts";
import adonisjs from "./frameworks/adonisjs.ts";
import analog from "./frameworks/analog.ts";
import angular from "./frameworks/angular.ts";
import astro from "./frameworks/astro.ts";
import builtSite from "./frameworks/built-site.ts";
import esbuildServed from "./frameworks/esbuild-served.ts";
import fastifyCli from "./frameworks/fastify-cli.ts";
import functionsFramework from "./frameworks/functions-framework.ts";
import medusa from "./frameworks/medusa.ts";
import nestjs from "./frameworks/nestjs.ts";
import next from "./frameworks/next.ts";
import nitro from "./frameworks/nitro.ts";
import nuxt from "./frameworks/nuxt.ts";
import nx from "./frameworks/nx.ts";
import plainPage from "./frameworks/plain-page.ts";
import qwik from "./frameworks/qwik.ts";
import reactRouter from "./frameworks/react-router.ts";
import remix from "./frameworks/remix.ts";
import { STATIC_SITES } from "./frameworks/static-site.ts";
import sveltekit from "./frameworks/sveltekit.ts";
import tanstack from "./frameworks/tanstack.ts";

export const FRAMEWORKS: readonly Framework[] = [
  nx,
  next,
  nuxt,
  sveltekit,
  tanstack,
  reactRouter,
  remix,
  astro,
  nestjs,
  analog,
  angular,
  adonisjs,
  medusa,
  qwik,
  nitro,
  functionsFramework,
  fastifyCli,
  ...STATIC_SITES,
  esbuildServed,
  builtSite,
  plainPage,
];

const found = new WeakMap<App, { framework: Framework; evidence: string[] } | null>();

export function findFramework(app: App): { framework: Framework; evidence: string[] } | undefined {
  let known = found.get(app);
  if (known === undefined) found.set(app, (known = search(app)));
  return known ?? undefined;
}

/** The root of a workspace often has the packages of all its members, and nothing of a framework but these; so has a project of Nx. */
function livesHere(app: App): boolean {
  if (!app.candidates && !app.nx?.inferred) return true;
  const { source } = app;
  return (
    ["app", "src", "pages", "server", "routes", "content", "docs", "index.html", "angular.json", "nest-cli.json"].some(
      (path) => source.exists(path),
    ) ||
    source
      .names()
      .some((name) =>
        /^\.?(?:next|nuxt|vite|astro|svelte|remix|react-router|app|nitro|gatsby|docusaurus|eleventy|vue|webpack|rsbuild|umirc|snowpack|metro)[.-]/.test(
          name,
        ),
      )
  );
}

function search(app: App): { framework: Framework; evidence: string[] } | null {
  if (!app.manifest || !livesHere(app)) return null;
  for (const framework of FRAMEWORKS) {
    const evidence = framework.detect(app);
    if (evidence) return { framework, evidence };
  }
  return null;
}
