/** TanStack Start: with Nitro a server of its own, else a fetch handler beside the client's files. */
import { assertNoPlatformPlugin, configFile, type Framework, type FrameworkPlan, ownDependency } from "../framework.ts";
import { nitroPlan } from "./nitro.ts";

export default {
  id: "tanstack",
  detect(app) {
    for (const name of ["@tanstack/react-start", "@tanstack/solid-start", "@tanstack/start", "@tanstack/vue-start"]) {
      const dependency = ownDependency(app, name);
      if (dependency !== undefined)
        return [
          dependency,
          ["vite.config", "rsbuild.config", "app.config"].flatMap((name) => configFile(app, name)?.file ?? [])[0] ??
            "no vite.config",
        ];
    }
    return undefined;
  },
  plan(app) {
    const vite = configFile(app, "vite.config");
    const named = app.start?.kind === "file" && app.start.target.startsWith(".output/") ? app.start.target : undefined;
    // Its own build with rsbuild: the same parts under other names.
    const rsbuild = vite === undefined ? configFile(app, "rsbuild.config") : undefined;
    if (rsbuild !== undefined && named === undefined)
      return handlerPlan("index.js", rsbuild.file, ["rsbuild", "build"]);
    if (named !== undefined || vite === undefined || /\bnitro\w*\s*\(/.test(vite.text)) {
      return nitroPlan(app, named ? `${app.start?.from} starts ${named}` : `${vite?.file ?? "app.config"}: Nitro`, [
        "vite",
        "build",
      ]);
    }
    assertNoPlatformPlugin(app, "a server or a fetch handler for Node");
    return handlerPlan("server.js", vite.file, ["vite", "build"]);
  },
} satisfies Framework;

function handlerPlan(name: string, config: string, command: string[]): FrameworkPlan {
  const file = `dist/server/${name}`;
  return {
    start: { fetch: file, files: "dist/client" },
    evidence: `${config}: no server preset; ${file} exports a fetch handler`,
    build: { command, outputs: [file, "dist/client"] },
    ship: { traced: [file], include: ["dist/**", "package.json"] },
  };
}
