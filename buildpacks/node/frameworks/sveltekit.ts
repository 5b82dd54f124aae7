/** SvelteKit with adapter-node (a server) or adapter-static (a site). Other adapters build for other platforms. */
import { KnbuildError } from "../../../src/sdk.ts";
import { configFile, type Framework, ownDependency, stringProperty } from "../framework.ts";

export default {
  id: "sveltekit",
  detect(app) {
    const dependency = ownDependency(app, "@sveltejs/kit");
    return dependency === undefined || app.build === undefined
      ? undefined
      : [dependency, configFile(app, "svelte.config")?.file ?? "no svelte.config"];
  },
  plan(app) {
    const config = configFile(app, "svelte.config") ?? configFile(app, "vite.config");
    const text = config?.text ?? "";
    const adapter = /["'](@sveltejs\/adapter-[\w-]+|svelte-adapter-[\w-]+|@[\w-]+\/svelte-adapter[\w-]*)["']/.exec(
      text,
    )?.[1];
    if (adapter === "@sveltejs/adapter-static") {
      const pages = stringProperty(text, "pages") ?? "build";
      return {
        start: { static: pages, spa: stringProperty(text, "fallback") === "index.html" },
        evidence: `${config?.file}: ${adapter}`,
        build: { command: ["vite", "build"], outputs: [pages] },
      };
    }
    if (adapter !== "@sveltejs/adapter-node") {
      throw new KnbuildError({
        code: "FRAMEWORK_ADAPTER",
        message: `SvelteKit is configured with ${adapter ?? "no adapter that is known"}, which makes no Node server`,
        where: config?.file ?? "svelte.config.js",
        hint: `Install @sveltejs/adapter-node and write \`import adapter from "@sveltejs/adapter-node"\` in ${config?.file ?? "svelte.config.js"} (or @sveltejs/adapter-static for a static site).`,
      });
    }
    const out = stringProperty(text, "out") ?? "build";
    return {
      start: { file: `${out}/index.js` },
      evidence: `${config?.file}: ${adapter}`,
      build: { command: ["vite", "build"], outputs: [`${out}/index.js`] },
      env: { HOST: "0.0.0.0" },
      ship: { traced: [`${out}/index.js`], include: [`${out}/**`, "package.json"] },
    };
  },
} satisfies Framework;
