/** Remix 2: Vite or the classic compiler, served by remix-serve. */
import { ownServer } from "../entry.ts";
import { assertNoPlatformPlugin, configFile, type Framework, ownDependency } from "../framework.ts";

export default {
  id: "remix",
  detect(app) {
    const dependency = ownDependency(app, "@remix-run/dev") ?? ownDependency(app, "@remix-run/serve");
    return dependency === undefined || ownServer(app)
      ? undefined
      : [
          dependency,
          configFile(app, "vite.config")?.file ?? configFile(app, "remix.config")?.file ?? "no configuration file",
        ];
  },
  plan(app) {
    const vite = configFile(app, "vite.config");
    if (vite && /\bssr\s*:\s*false\b/.test(vite.text)) {
      return {
        start: { static: "build/client", spa: true },
        evidence: `${vite.file}: ssr: false`,
        build: { command: ["remix", "vite:build"], outputs: ["build/client"] },
      };
    }
    assertNoPlatformPlugin(app, "Remix' own server");
    // Tests alone have a configuration of Vite's too.
    const byVite = vite !== undefined && /@remix-run\/dev/.test(vite.text);
    const server = byVite ? "build/server/index.js" : "build/index.js";
    return {
      start: { tool: "remix-serve", args: [`./${server}`] },
      evidence: `remix-serve ${server}`,
      build: { command: byVite ? ["remix", "vite:build"] : ["remix", "build"], outputs: [server] },
      env: { HOST: "0.0.0.0" },
      ship: { traced: [server, "node_modules/.bin/remix-serve"], include: ["build/**", "public/**", "package.json"] },
    };
  },
} satisfies Framework;
