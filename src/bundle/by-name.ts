/** What has to be there because something computes the names of the modules it loads. */
import { join, relative } from "node:path";
import { listAssets } from "./assets.ts";
import { loadsByName, mayLoadAppCode } from "./facts.ts";
import { computesNames, type JudgedPackage, type JudgeInput, type Judgement } from "./judge.ts";
import { groupOf, type OwnCode } from "./own-code.ts";
import { globMatcher } from "./parts.ts";
import { declaredPackages } from "./production.ts";
import type { Project } from "./project.ts";
import { isBuiltinName } from "./resolve.ts";

/** Where something loads modules by a computed name, the app's declared packages that nobody asks for literally are shipped too. */
export function addByName(project: Project, judgement: Judgement, judgeInput: JudgeInput, first?: string): boolean {
  let by = first;
  for (const one of judgement.packages.values()) {
    const computed = computesNames(one, judgement.files);
    if (computed || (one.files.length > 0 && loadsByName(one.name))) by ??= one.name;
  }
  if (!by) return false;
  let added = false;
  for (const declared of declaredPackages(project.appDir, project.facts, project.resolver)) {
    if (
      judgement.packages.get(declared.dir)?.files.length ||
      judgeInput.forced.has(declared.dir) ||
      isToolOnly(declared.name)
    )
      continue;
    judgeInput.forced.set(declared.dir, `no file asks for it, and ${by} loads modules by name`);
    added = true;
  }
  return added;
}

/** Real folders of the packages that node loads before the program, which no file asks for; with the reason. */
export function preloadedPackages({ input, appDir, facts, resolver }: Project): Map<string, string> {
  const folders = (input.preloads ?? []).flatMap((name) => resolver.findPackage(name, appDir) ?? []);
  return new Map(folders.map((dir) => [facts.realpath(dir), "node loads it before the program"]));
}

/**
 * Why the app has to stay files: a package loads modules by computed names, and there is code of the app that no import
 * reaches (routes, migrations, jobs) and that asks for modules itself, which it would not find, or find twice.
 */
export async function looseCode(project: Project, own: OwnCode, judgement: Judgement): Promise<string | undefined> {
  const { appDir, root, facts, analyses, input } = project;
  const loader = [...judgement.packages.values()].find(
    (one) => mayLoadAppCode(one.name) && (computesNames(one, judgement.files) || startsFiles(one, judgement)),
  );
  if (!loader) return undefined;
  const typescript = [...own.files.keys()].some((path) => /\.[cm]?tsx?$/.test(path));
  const bundled = new Set(own.files.keys());
  const matches = await globMatcher(appDir, input);
  const all = listAssets(
    { appDir, bundled, policy: "all", typescript, include: [], exclude: input.exclude, ignores: input.ignores },
    matches,
  );
  for (const { path } of all.files) {
    if (!/\.(?:[cm]?[jt]s|[jt]sx)$/.test(path) || isServed(path, appDir) || bundled.has(path)) continue;
    const moduleScope = facts.scope(join(path, ".."))?.json.type === "module";
    const { analysis } = analyses.analyze(groupOf(project), relative(root, path), path, { moduleScope, own: true });
    const asks = analysis.requests.find((r) => !isBuiltinName(r.specifier));
    if (asks)
      return `${loader.name} loads modules by name, and no import reaches ${relative(appDir, path)}, which asks for ${asks.specifier}`;
  }
  return undefined;
}

/** Pools and queues that run a file of the app in a thread or a process. */
function startsFiles(one: JudgedPackage, judgement: Judgement): boolean {
  return one.files.some((path) =>
    judgement.files.get(path)?.analysis?.findings.some(({ code }) => code === "worker" || code === "fork"),
  );
}

/** Declared as a dependency by many, loaded by no server. */
function isToolOnly(name: string): boolean {
  return /^(?:@types\/.*|typescript|ts-node|tsx|nodemon|eslint.*|prettier|jest|mocha|chai|supertest|esbuild|webpack|vite|vitest|rimraf|husky|concurrently|npm-run-all|cross-env)$/.test(
    name,
  );
}

/** Scripts for the browser stay assets. */
export function isServed(path: string, dir: string): boolean {
  return /(?:^|\/)(?:public|static|www|wwwroot|htdocs|assets|client)\//.test(relative(dir, path));
}
