/** Analog: Angular whose pages and API routes are served by Nitro, or a static site where its configuration says so. */
import { configFile, type Framework, ownDependency } from "../framework.ts";
import { nitroPlan } from "./nitro.ts";

const OUTPUT = "dist/analog";

export default {
  id: "analog",
  detect(app) {
    const dependency = ownDependency(app, "@analogjs/platform");
    const config = configFile(app, "vite.config");
    return dependency === undefined || config === undefined ? undefined : [dependency, config.file];
  },
  plan(app) {
    const command = ["vite", "build"];
    if (/\bstatic\s*:\s*true\b/.test(configFile(app, "vite.config")?.text ?? ""))
      return {
        start: { static: `${OUTPUT}/public`, spa: false },
        evidence: `Analog's pages in ${OUTPUT}/public`,
        build: { command, outputs: [`${OUTPUT}/public`] },
      };
    return nitroPlan(app, `Analog's Nitro output in ${OUTPUT}`, command, OUTPUT);
  },
} satisfies Framework;
