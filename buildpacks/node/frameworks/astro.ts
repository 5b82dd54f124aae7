/** Astro: a static site, or a server by its Node adapter. */
import { KnbuildError } from "../../../src/sdk.ts";
import { ownServer } from "../entry.ts";
import { configFile, type Framework, ownDependency, stringProperty } from "../framework.ts";

export default {
  id: "astro",
  detect(app) {
    const dependency = ownDependency(app, "astro");
    if (dependency === undefined || ownServer(app)) return undefined;
    const config = configFile(app, "astro.config");
    return config === undefined && !app.source.isDirectory("src/pages")
      ? undefined
      : [dependency, config?.file ?? "src/pages/"];
  },
  plan(app) {
    const config = configFile(app, "astro.config");
    const text = config?.text ?? "";
    const out = stringProperty(text, "outDir")?.replace(/^\.\//, "").replace(/\/$/, "") ?? "dist";
    const adapter =
      /["'](@astrojs\/(?:node|vercel|netlify|cloudflare|deno)|astro-[\w-]*adapter[\w-]*|@deno\/astro-adapter)(?:\/[\w-]+)?["']/.exec(
        text,
      )?.[1];
    if (adapter === "@astrojs/node") {
      return {
        start: { file: `${out}/server/entry.mjs` },
        evidence: `${config?.file}: @astrojs/node`,
        build: { command: ["astro", "build"], outputs: [`${out}/server/entry.mjs`] },
        env: { HOST: "0.0.0.0" },
        ship: { traced: [`${out}/server/entry.mjs`], include: [`${out}/**`, "package.json"] },
      };
    }
    if (adapter !== undefined || ["server", "hybrid"].includes(stringProperty(text, "output") ?? "")) {
      throw new KnbuildError({
        code: "FRAMEWORK_ADAPTER",
        message: `Astro renders on a server with ${adapter ?? "no adapter"}, which makes no Node server`,
        where: config?.file ?? "astro.config.mjs",
        hint: `Run \`npx astro add node\` and keep \`adapter: node({ mode: "standalone" })\` in ${config?.file ?? "astro.config.mjs"}.`,
      });
    }
    return {
      start: { static: out, spa: false },
      evidence: `${config?.file ?? "astro"}: a static site`,
      build: { command: ["astro", "build"], outputs: [out] },
    };
  },
} satisfies Framework;
