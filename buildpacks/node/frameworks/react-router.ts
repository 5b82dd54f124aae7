/** React Router in framework mode: its own server, or with `ssr: false` a site whose index answers every path. */
import { ownServer } from "../entry.ts";
import { assertNoPlatformPlugin, configFile, type Framework, ownDependency } from "../framework.ts";

export default {
  id: "react-router",
  detect(app) {
    const dependency = ownDependency(app, "@react-router/dev");
    if (dependency === undefined || ownServer(app)) return undefined;
    return [dependency, configFile(app, "react-router.config")?.file ?? "no react-router.config"];
  },
  plan(app) {
    const config = configFile(app, "react-router.config");
    const directory = /buildDirectory\s*:\s*["'`]([^"'`]+)/.exec(config?.text ?? "")?.[1] ?? "build";
    if (/\bssr\s*:\s*false\b/.test(config?.text ?? "")) {
      return {
        start: { static: `${directory}/client`, spa: true },
        evidence: `${config?.file}: ssr: false`,
        build: { command: ["react-router", "build"], outputs: [`${directory}/client`] },
      };
    }
    assertNoPlatformPlugin(app, "React Router's own server");
    const server = `${directory}/server/index.js`;
    return {
      start: { tool: "react-router-serve", args: [`./${server}`] },
      evidence: `react-router-serve ${server}`,
      build: { command: ["react-router", "build"], outputs: [server] },
      env: { HOST: "0.0.0.0" },
      ship: { traced: [server, "node_modules/.bin/react-router-serve"], include: [`${directory}/**`, "package.json"] },
    };
  },
} satisfies Framework;
