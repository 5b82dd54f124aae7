/** Nuxt, and everything else that Nitro builds (Nitro itself, SolidStart and other Vinxi apps): `.output` holds all of it. */
import type { CopyStep } from "../../../src/sdk.ts";
import type { App } from "../app.ts";
import type { Framework, FrameworkPlan } from "../framework.ts";
import { ownDependency } from "../framework.ts";

export default {
  id: "nitro",
  detect(app) {
    for (const name of ["nitropack", "nitro", "vinxi", "@solidjs/start"]) {
      const dependency = ownDependency(app, name);
      if (dependency !== undefined && (app.build !== undefined || startsOutput(app))) return [dependency];
    }
    return startsOutput(app) ? [`${app.start?.from}: ${app.start?.target}`] : undefined;
  },
  plan: (app) => nitroPlan(app, "Nitro output in .output", ["nitro", "build"]),
} satisfies Framework;

function startsOutput(app: App): boolean {
  return app.start?.kind === "file" && app.start.target.startsWith(".output/server/");
}

/** @param command builds where package.json has no build script @param output the directory that Nitro writes */
export function nitroPlan(app: App, evidence: string, command: string[], output = ".output"): FrameworkPlan {
  const generates = /\b(?:nuxt|nuxi|nuxi@\S+|nitro)\s+generate\b/.test(app.build?.line ?? "");
  if (generates)
    return {
      start: { static: `${output}/public`, spa: true },
      evidence: `${evidence}: generate`,
      build: { command, outputs: [`${output}/public`] },
    };
  const copy: CopyStep[] = [
    {
      type: "copy",
      from: output,
      to: `/app/${output}`,
      include: ["server/node_modules"],
      exclude: [],
      layer: "dependencies",
    },
    { type: "copy", from: output, to: `/app/${output}`, include: ["public"], exclude: [], layer: "assets" },
    {
      type: "copy",
      from: output,
      to: `/app/${output}`,
      include: ["**"],
      exclude: ["server/node_modules", "public"],
      layer: "app",
    },
  ];
  return {
    start: { file: `${output}/server/index.mjs` },
    evidence,
    build: {
      command,
      outputs: [`${output}/server/index.mjs`],
      env: { NITRO_PRESET: "node-server", SERVER_PRESET: "node-server", BUILD_PRESET: "node-server" },
    },
    env: { NITRO_HOST: "0.0.0.0", HOST: "0.0.0.0" },
    ship: { copy },
  };
}
