/** AdonisJS: `node ace build` makes a program in build/ that runs with the production packages. */
import { type Framework, ownDependency } from "../framework.ts";

export default {
  id: "adonisjs",
  detect(app) {
    const dependency = ownDependency(app, "@adonisjs/core");
    const rc = ["adonisrc.ts", "adonisrc.js", ".adonisrc.json"].find((file) => app.source.isFile(file));
    return dependency === undefined || rc === undefined ? undefined : [dependency, rc];
  },
  plan(app) {
    const file = app.source.isFile("bin/server.ts") ? "build/bin/server.js" : "build/server.js";
    return {
      // Its documentation starts it there; views, assets and temporary files are found from the working directory.
      start: { file, directory: "build" },
      evidence: `node ace build makes ${file}`,
      build: { command: ["node", "ace", "build"], outputs: [file] },
      env: { HOST: "0.0.0.0" },
      ship: { traced: [], include: ["build/**"] },
      warnings: [
        {
          code: "ENV_REQUIRED",
          message: "AdonisJS refuses to start without APP_KEY and the other variables of start/env.ts",
          hint: "Set them in the service's environment.",
        },
      ],
    };
  },
} satisfies Framework;
