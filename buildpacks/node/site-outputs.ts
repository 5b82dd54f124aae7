/** Where generators and bundlers write the files of a site, by their flags and their configuration; relative to the app. */
import { posix } from "node:path";
import type { App } from "./app.ts";
import { configFile, stringProperty } from "./framework.ts";

export function viteOutput(app: App): string {
  const text = configFile(app, "vite.config")?.text ?? "";
  const flag = /--outDir[= ]+["']?([\w./-]+)/.exec(app.build?.line ?? "")?.[1];
  const written = flag ?? stringProperty(text, "outDir") ?? "dist";
  // A monorepo's common output at its root, as Nx writes it, or the folder of the server beside that serves the site.
  const inside = app.workspace && posix.join(app.workspace.path, stringProperty(text, "root") ?? ".", written);
  if (inside !== undefined && written.startsWith("../") && !/^\.\.?(?:\/|$)/.test(inside))
    return posix.relative(app.workspace?.path ?? "", inside);
  return clean(written, stringProperty(text, "root"));
}

export function eleventyOutput(app: App): string {
  const files = [".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs"];
  const text = files.map((file) => app.source.read(file) ?? "").join("\n");
  return clean(
    /--output[= ]+["']?([\w./-]+)/.exec(app.build?.line ?? "")?.[1] ?? stringProperty(text, "output") ?? "_site",
  );
}

export const BUNDLER_CONFIGS = ["webpack.config", "webpack.prod", "webpack.config.prod", "rspack.config"];

/** `output.path`: a path below the configuration's directory, as everybody writes it. */
export function webpackOutput(app: App): string {
  for (const name of BUNDLER_CONFIGS) {
    const text = configFile(app, name)?.text ?? "";
    const written =
      /\bpath\s*:\s*(?:[\w.]*\b(?:resolve|join)\s*\(\s*(?:__dirname|process\.cwd\(\)|import\.meta\.dirname)\s*,\s*)?["'`]([\w./-]+)["'`]/.exec(
        text,
      )?.[1];
    if (written !== undefined && !written.startsWith("/")) return clean(written);
  }
  return "dist";
}

/** The first of the builds that polymer.json lists (for old browsers, for new ones): each is a site of its own. */
export function polymerOutput(app: App): string {
  const json = app.source.isFile("polymer.json") ? app.source.readJson("polymer.json") : undefined;
  const { builds } = (json ?? {}) as { builds?: { name?: unknown; preset?: unknown }[] };
  const first = Array.isArray(builds) ? builds[0] : undefined;
  const name = first?.name ?? first?.preset;
  return `build/${typeof name === "string" ? name : "default"}`;
}

/** Version 1 writes below the project's name. */
export function docusaurusOutput(app: App): string {
  const name = stringProperty(app.source.read("siteConfig.js") ?? "", "projectName");
  return name === undefined ? "build" : `build/${name}`;
}

export function vuepressOutput(app: App): string {
  const line = app.build?.line ?? "";
  const given = /(?:-d|--dest)[= ]+["']?([\w./-]+)/.exec(line)?.[1];
  const directory = /vuepress build\s+([\w./][\w./-]*)/.exec(line)?.[1] ?? "docs";
  return clean(given ?? `${directory}/.vuepress/dist`);
}

export function vitepressOutput(app: App): string {
  const directory =
    /vitepress build\s+([\w./-]+)/.exec(app.build?.line ?? "")?.[1] ??
    (app.source.isDirectory("docs/.vitepress") ? "docs" : ".");
  return clean(`${directory}/.vitepress/dist`);
}

/** A path as written in a configuration, relative to the app; with Vite's `root` it may start above that. */
export function clean(path: string, root?: string): string {
  const parts: string[] = [];
  for (const part of `${root ?? "."}/${path}`.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}
