/** Functions for Google's Functions Framework: the framework is the server, the app only exports functions. */
import { posix } from "node:path";
import { KnbuildError, moduleExports } from "../../../src/sdk.ts";
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
    const file = functionFile(app) ?? (mayBeElsewhere(app) ? "index.js" : missingFunction(app));
    const args = app.start?.target === TOOL ? app.start.args : [`--target=${onlyFunction(app, file)}`];
    return {
      start: { tool: TOOL, args },
      evidence:
        app.start?.target === TOOL
          ? app.start.from
          : `${PACKAGE} serves ${args[0]?.slice("--target=".length)} of ${file}`,
      build: app.build ? { command: [], outputs: [] } : undefined,
      // Functions render views and read files beside them: everything of the app goes along.
      ship: { traced: [], include: [file] },
    };
  },
} satisfies Framework;

/** As the framework looks for it. */
function functionFile(app: App): string | undefined {
  return [app.manifest?.main, "function.js", "index.js", "index.mjs"].find(
    (file): file is string => file !== undefined && (app.source.isFile(file) || sourceOf(app, file) !== undefined),
  );
}

/** Its script or package.json names another place, or a build makes the file. */
function mayBeElsewhere({ start, build, manifest, source, tsconfig }: App): boolean {
  const main = manifest?.main;
  const named = main !== undefined && (posix.extname(main) === "" || source.exists(main));
  const told = start?.args.some((argument) => argument.startsWith("--source")) || start?.env["FUNCTION_SOURCE"];
  return named || Boolean(told) || start?.directory !== "." || build !== undefined || tsconfig?.outDir !== undefined;
}

function missingFunction({ manifest, source, start }: App): never {
  const main = manifest?.main;
  throw new KnbuildError({
    code: "FUNCTION_NOT_FOUND",
    message: `${start?.from ?? PACKAGE} starts ${TOOL}, which loads ${main === undefined ? "" : `${main} (package.json main), `}function.js or index.js: none of them is there`,
    where: source.root,
    hint: `Write the function into index.js, or say where it is: \`main\` in package.json, or "start": "${TOOL} --source=DIRECTORY".`,
  });
}

/** What a function file is compiled from: it may not be there yet, or be an old output. */
function sourceOf(app: App, file: string): string | undefined {
  const stem = file.replace(/\.[cm]?js$/, "");
  const { outDir, rootDir } = app.tsconfig ?? {};
  const inner = outDir !== undefined && stem.startsWith(`${outDir}/`) ? stem.slice(outDir.length + 1) : stem;
  return [stem, inner, `${rootDir ?? "src"}/${inner}`]
    .flatMap((path) => [`${path}.ts`, `${path}.mts`])
    .find((path) => app.source.isFile(path));
}

function onlyFunction(app: App, file: string): string {
  const source = sourceOf(app, file) ?? file;
  const { names, registered } = moduleExports(source, app.source.read(source) ?? "");
  const declared = registered.filter(({ method }) => /^(?:http|cloudEvent|event|typed)$/.test(method));
  const functions = [...new Set([...declared.map(({ name }) => name), ...(declared.length > 0 ? [] : names)])];
  const [first, second] = functions;
  if (first !== undefined && second === undefined) return first;
  throw new KnbuildError({
    code: first === undefined ? "FUNCTION_NOT_FOUND" : "FUNCTION_AMBIGUOUS",
    message:
      first === undefined
        ? `${source} exports no function to serve`
        : `${source} exports several functions: ${functions.join(", ")}`,
    where: source,
    hint: `Say which in package.json: "start": "${TOOL} --target=${first ?? "NAME"}".`,
  });
}
