/** Qwik City (from 2 on: Qwik Router): an adapter's own configuration makes the server, or a static site. */
import { posix } from "node:path";
import { KnbuildError } from "../../../src/sdk.ts";
import type { App } from "../app.ts";
import { configFile, type Framework, ownDependency } from "../framework.ts";

/** Qwik's adapters for Node, the one that people take first. */
const SERVERS = ["express", "fastify", "node-server"];

export default {
  id: "qwik",
  detect(app) {
    const dependency = ownDependency(app, "@builder.io/qwik-city") ?? ownDependency(app, "@qwik.dev/router");
    return dependency === undefined ? undefined : [dependency, ...adapters(app).map((name) => `adapters/${name}/`)];
  },
  plan(app) {
    const found = adapters(app);
    for (const name of SERVERS.filter((name) => found.includes(name))) {
      const config = configFile(app, `adapters/${name}/vite.config`);
      const entry = /["'](?:\.\/)?src\/(entry[\w.-]*)\.tsx?["']/.exec(config?.text ?? "")?.[1] ?? `entry.${name}`;
      const file = `server/${entry}.js`;
      return {
        start: { file },
        evidence: `${config?.file ?? `adapters/${name}`} makes ${file}`,
        build: { command: ["qwik", "build"], outputs: [file] },
        env: { HOST: "0.0.0.0" },
        ship: { traced: [file], include: ["server/**", "dist/**", "package.json"] },
      };
    }
    if (found.includes("static"))
      return {
        start: { static: "dist", spa: false },
        evidence: "adapters/static: a static site",
        build: { command: ["qwik", "build"], outputs: ["dist"] },
      };
    throw new KnbuildError({
      code: "FRAMEWORK_ADAPTER",
      message: `Qwik City is built with ${found.length > 0 ? `the adapter ${found.join(", ")}` : "no adapter"}, which makes no Node server`,
      where: found.length > 0 ? `adapters/${found[0]}` : "package.json",
      hint: "Run `npm run qwik add express` (or fastify, node-server; static for a site of plain files).",
    });
  },
} satisfies Framework;

/** Directories of adapters/ with a configuration, in order of names. */
function adapters(app: App): string[] {
  const found = [...app.source.list()].flatMap(
    ({ path }) => /^adapters\/([^/]+)\/vite\.config\.\w+$/.exec(path)?.[1] ?? [],
  );
  return [...new Set(found.map((name) => posix.basename(name)))].sort();
}
