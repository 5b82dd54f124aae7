/** Nx projects that only a project.json describes: `nx build NAME` runs at the root of the workspace. */
import { posix } from "node:path";
import { alsoTelling, KnbuildError, lookForServer, NOTHING_LISTENS, probablyNoServer } from "../../../src/sdk.ts";
import type { App } from "../app.ts";
import type { Framework, FrameworkPlan } from "../framework.ts";
import type { NxProject } from "../nx.ts";

export default {
  id: "nx",
  detect(app) {
    return app.nx && !app.nx.inferred
      ? [`${app.nx.path}/project.json: ${app.nx.executor || "a build target"}`]
      : undefined;
  },
  plan(app) {
    const project = app.nx as NonNullable<typeof app.nx>;
    const { name, executor, outputPath } = project;
    const build = (outputs: string[]): FrameworkPlan["build"] => ({ command: ["nx", "build", name], outputs });
    const evidence = `${project.path}/project.json: ${executor} writes ${outputPath}`;
    const pages = /^(?:@nx\/vite:build|@nx\/web:\w+|@nrwl\/web:\w+)$/.test(executor);
    if (outputPath !== undefined && (pages || (project.page && !ANGULAR.test(executor))))
      return { start: { static: outputPath, spa: true }, evidence, build: build([`${outputPath}/index.html`]) };
    if (outputPath !== undefined && ANGULAR.test(executor)) {
      const whole = /:browser(?:-esbuild)?$|webpack-browser$/.test(executor);
      const browser = whole ? outputPath : posix.join(outputPath, project.browser ?? "browser");
      if (!project.ssr)
        return { start: { static: browser, spa: true }, evidence, build: build([`${browser}/index.html`]) };
    }
    const program = outputPath !== undefined && programOf(project);
    if (!program && /\bdeno\b/.test(executor))
      throw new KnbuildError({
        code: "RUNTIME_UNSUPPORTED",
        message: `the Nx project ${name} is a program for Deno (${executor}), not for Node`,
        where: `${project.path}/project.json`,
        hint: "Write a Dockerfile with that runtime, or serve with a framework that runs on Node.",
      });
    if (!program) {
      const unknown = new KnbuildError({
        code: "NX_EXECUTOR_UNKNOWN",
        message: `what the build of the Nx project ${name} makes is not known (${executor || "no executor is named"})`,
        where: `${project.path}/project.json`,
        hint: `Build the workspace's root and say it there, in knbuild.yaml: build: nx build ${name}, and entrypoint: the file that it makes.`,
      });
      throw isQuiet(app.source, project.path) ? alsoTelling(unknown, probablyNoServer(NOTHING_LISTENS)) : unknown;
    }
    const file = posix.join(outputPath, program);
    return {
      start: { file },
      evidence,
      ...(!project.ssr && project.main !== undefined && { ownProgram: project.main }),
      build: build([file]),
      ship: { traced: [file], include: [`${outputPath}/**`, "package.json", ...named(app.source, project.path)] },
    };
  },
} satisfies Framework;

/** It has scripts, and none of them listens or uses a package that may. */
function isQuiet(source: App["source"], project: string): boolean {
  const scripts = source.list().flatMap(({ path }) => {
    const own = path.startsWith(`${project}/`) && /\.[cm]?[jt]sx?$/.test(path) && !/\.(?:spec|test|d)\./.test(path);
    return own ? [path] : [];
  });
  return scripts.length > 0 && scripts.every((file) => lookForServer(source, file).verdict === "nothing");
}

/** Places that the program's sources name from the workspace's root, where it is started: `readFileSync("libs/x/schema.graphql")`. */
function named(source: App["source"], project: string): string[] {
  const found = new Set<string>();
  for (const { path } of source.list()) {
    if (!path.startsWith(`${project}/`) || !/\.[cm]?[jt]sx?$/.test(path)) continue;
    const text = source.read(path) ?? "";
    if (!/\breadFile|\bcreateReadStream|\breaddir/.test(text)) continue;
    for (const [, name = ""] of text.matchAll(/["'`]((?!node_modules\/)[\w-][\w.-]*\/[\w./@-]+)["'`]/g)) {
      if (source.isFile(name)) found.add(name);
      else if (source.isDirectory(name)) found.add(`${name}/**`);
    }
  }
  return [...found].sort();
}

/** Angular's builders, by their own names and by Nx's. */
const ANGULAR =
  /^(?:@angular\/build|@angular-devkit\/build-angular|@nx\/angular|@nrwl\/angular):(?:application|browser|browser-esbuild|webpack-browser)$/;

/** The file that an executor makes of `main`, relative to its output. */
function programOf({ executor, main, path, extension, ssr }: NxProject): string | undefined {
  if (ssr && ANGULAR.test(executor)) return "server/server.mjs";
  if (main === undefined) return undefined;
  switch (executor.replace(/^@nrwl\//, "@nx/")) {
    case "@nx/webpack:webpack":
    case "@nx/node:webpack":
    case "@nx/node:build":
    case "@nx/rspack:rspack":
      return "main.js";
    case "@nx/esbuild:esbuild":
      return posix.basename(main).replace(/\.[mc]?tsx?$/, extension);
    case "@nx/js:tsc":
    case "@nx/js:swc":
    case "@nx/node:package":
      return posix.relative(path, main.replace(/\.([mc]?)tsx?$/, ".$1js"));
    default:
      return undefined;
  }
}
