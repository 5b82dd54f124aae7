/** Nuxt 3 and later, built by Nitro for a Node server. */
import { configFile, type Framework, ownDependency } from "../framework.ts";
import { nitroPlan } from "./nitro.ts";

export default {
  id: "nuxt",
  detect(app) {
    const dependency = ownDependency(app, "nuxt") ?? ownDependency(app, "nuxt-nightly") ?? ownDependency(app, "nuxt3");
    return dependency === undefined
      ? undefined
      : [dependency, configFile(app, "nuxt.config")?.file ?? "no nuxt.config"];
  },
  plan: (app) => nitroPlan(app, "Nuxt's Nitro output in .output", ["nuxt", "build"]),
} satisfies Framework;
