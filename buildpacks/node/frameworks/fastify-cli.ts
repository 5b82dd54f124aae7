/** fastify-cli: the app exports a plugin, `fastify start` is the server. */
import { type Framework, ownDependency } from "../framework.ts";

export default {
  id: "fastify-cli",
  detect(app) {
    const dependency = ownDependency(app, "fastify-cli");
    if (dependency === undefined || app.start?.target !== "fastify" || app.start.args[0] !== "start") return undefined;
    return [dependency, `${app.start.from}: fastify ${app.start.args.join(" ")}`];
  },
  plan(app) {
    // Watching is for a developer; the port is the platform's.
    const args = (app.start?.args ?? ["start", "app.js"]).filter(
      (arg, i, all) => !/^(?:-w|--watch|-p|--port|--port=.*)$/.test(arg) && !/^(?:-p|--port)$/.test(all[i - 1] ?? ""),
    );
    const file =
      args
        .slice(1)
        .find(
          (arg, i, rest) =>
            !arg.startsWith("-") &&
            !/^-(?:l|r|a|o|T)$|^--(?:log-level|require|address|options|plugin-timeout)$/.test(rest[i - 1] ?? ""),
        ) ?? "app.js";
    return {
      start: { tool: "fastify", args },
      evidence: `fastify ${args.join(" ")}`,
      build: app.build ? { command: [], outputs: [] } : undefined,
      env: { FASTIFY_ADDRESS: "0.0.0.0" },
      // Plugins and routes are loaded by scanning folders: everything of the app goes along.
      ship: { traced: [], include: [file] },
    };
  },
} satisfies Framework;
