/** Functions for Google's Functions Framework: the framework is the server, the app only exports functions. */
import { KnbuildError } from "../../../src/sdk.ts";
import type { App } from "../app.ts";
import { ownServer } from "../entry.ts";
import { type Framework, ownDependency } from "../framework.ts";

const PACKAGE = "@google-cloud/functions-framework";
const TOOL = "functions-framework";

export default {
  id: "functions-framework",
  detect(app) {
    const dependency = ownDependency(app, PACKAGE);
    if (dependency === undefined || (app.start?.target !== TOOL && ownServer(app))) return undefined;
    if (app.start?.target === TOOL) return [dependency, `${app.start.from}: ${[TOOL, ...app.start.args].join(" ")}`];
    const file = functionFile(app);
    return file === undefined ? undefined : [dependency, `functions in ${file}`];
  },
  plan(app) {
    const file = functionFile(app) ?? "index.js";
    const args = app.start?.target === TOOL ? app.start.args : [`--target=${onlyFunction(app, file)}`];
    return {
      start: { tool: TOOL, args },
      evidence:
        app.start?.target === TOOL
          ? app.start.from
          : `${PACKAGE} serves ${args[0]?.slice("--target=".length)} of ${file}`,
      build: app.build ? { command: [], outputs: [] } : undefined,
      ship: { traced: [file, `node_modules/.bin/${TOOL}`], include: ["package.json"] },
    };
  },
} satisfies Framework;

/** As the framework looks for it. */
function functionFile(app: App): string | undefined {
  return [app.manifest?.main, "function.js", "index.js", "index.mjs"].find(
    (file): file is string => file !== undefined && (app.source.isFile(file) || app.build !== undefined),
  );
}

function onlyFunction(app: App, file: string): string {
  const text = app.source.read(file) ?? "";
  const names = new Set<string>();
  for (const match of text.matchAll(
    /\b(?:functions|framework|ff)\.(?:http|cloudEvent|event)\(\s*["'`]([\w-]+)["'`]|^(?:module\.)?exports\.(\w+)\s*=|^export\s+(?:const|(?:async\s+)?function)\s+(\w+)/gm,
  )) {
    names.add((match[1] ?? match[2] ?? match[3]) as string);
  }
  const [first, second] = names;
  if (first !== undefined && second === undefined) return first;
  throw new KnbuildError({
    code: "ENTRYPOINT_NOT_FOUND",
    message:
      first === undefined
        ? `${file} exports no function to serve`
        : `${file} exports several functions: ${[...names].join(", ")}`,
    where: file,
    hint: `Say which in package.json: "start": "${TOOL} --target=${first ?? "NAME"}".`,
  });
}
