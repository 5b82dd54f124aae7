/** Medusa 2: `medusa build` compiles into .medusa/server, and its documentation starts the server there. */
import { type Framework, ownDependency } from "../framework.ts";

const BUILT = ".medusa/server";
/** What `medusa start` runs. */
const PROGRAM = "node_modules/@medusajs/cli/cli.js";

export default {
  id: "medusa",
  detect(app) {
    const dependency = ownDependency(app, "@medusajs/medusa");
    const config = ["medusa-config.ts", "medusa-config.js"].find((file) => app.source.isFile(file));
    const cli = ownDependency(app, "@medusajs/cli");
    return dependency === undefined || cli === undefined || config === undefined ? undefined : [dependency, config];
  },
  plan() {
    return {
      // The admin's pages, the routes and the configuration are looked for from the working directory, as JavaScript.
      start: { file: PROGRAM, args: ["start"], directory: BUILT },
      evidence: `medusa build makes ${BUILT}`,
      build: { command: ["medusa", "build"], outputs: [`${BUILT}/package.json`] },
      env: { HOST: "0.0.0.0" },
      ship: { traced: [], include: [`${BUILT}/**`] },
      warnings: [
        {
          code: "ENV_REQUIRED",
          message:
            "Medusa keeps everything in PostgreSQL: it does not start without DATABASE_URL and a database that has its tables",
          hint: "Set it in the service's environment; `medusa db:migrate` makes the tables, once for a new version.",
        },
      ],
    };
  },
} satisfies Framework;
