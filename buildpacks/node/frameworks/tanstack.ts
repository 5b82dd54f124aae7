/** TanStack Start: with Nitro a server of its own, else a fetch handler beside the client's files. */
import { assertNoPlatformPlugin, configFile, type Framework, ownDependency } from "../framework.ts";
import { nitroPlan } from "./nitro.ts";

export default {
  id: "tanstack",
  detect(app) {
    for (const name of ["@tanstack/react-start", "@tanstack/solid-start", "@tanstack/start", "@tanstack/vue-start"]) {
      const dependency = ownDependency(app, name);
      if (dependency !== undefined)
        return [
          dependency,
          configFile(app, "vite.config")?.file ?? configFile(app, "app.config")?.file ?? "no vite.config",
        ];
    }
    return undefined;
  },
  plan(app) {
    const vite = configFile(app, "vite.config");
    const named = app.start?.kind === "file" && app.start.target.startsWith(".output/") ? app.start.target : undefined;
    if (named !== undefined || vite === undefined || /\bnitro\w*\s*\(/.test(vite.text)) {
      return nitroPlan(app, named ? `${app.start?.from} starts ${named}` : `${vite?.file ?? "app.config"}: Nitro`, [
        "vite",
        "build",
      ]);
    }
    assertNoPlatformPlugin(app, "a server or a fetch handler for Node");
    return {
      start: { fetch: "dist/server/server.js", files: "dist/client" },
      evidence: `${vite.file}: no server preset; dist/server/server.js exports a fetch handler`,
      build: { command: ["vite", "build"], outputs: ["dist/server/server.js", "dist/client"] },
      ship: { traced: ["dist/server/server.js"], include: ["dist/**", "package.json"] },
    };
  },
} satisfies Framework;
