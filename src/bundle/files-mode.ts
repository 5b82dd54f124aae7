/** The app's code as files: where it loads its own modules by computed names, and where bundling is off. */
import { join, relative } from "node:path";
import { listAssets } from "./assets.ts";
import { isServed } from "./by-name.ts";
import type { FullBuild } from "./full-build.ts";
import { ownFacts } from "./full-describe.ts";
import { type JudgeInput, judge } from "./judge.ts";
import type { Decorators } from "./own-bundle.ts";
import { groupOf, type OwnCode } from "./own-code.ts";
import { compileOwnFiles } from "./own-files.ts";
import { globMatcher } from "./parts.ts";
import { ownDirs, partsOf } from "./parts-of-build.ts";
import type { Project } from "./project.ts";

export async function asFiles(
  project: Project,
  own: OwnCode,
  judgeInput: JudgeInput,
  modeReason: string,
  decorators: Decorators | undefined,
): Promise<FullBuild> {
  const { input, root, facts, resolver, analyses } = project;
  const typescript = [...own.files.keys()].some((path) => /\.(?:[cm]?ts|[jt]sx)$/.test(path));
  const code: string[] = [];
  for (const dir of ownDirs(project, own)) {
    const matches = await globMatcher(dir, input);
    const all = listAssets(
      {
        appDir: dir,
        bundled: new Set(),
        policy: "all",
        typescript,
        include: [],
        exclude: dir === project.appDir ? input.exclude : [],
        ignores: input.ignores,
      },
      matches,
    );
    // What the entry reaches comes along even from a folder that looks like tests.
    code.push(
      ...all.files.map((f) => f.path).filter((path) => /\.(?:[cm]?[jt]s|[jt]sx)$/.test(path) && !isServed(path, dir)),
    );
  }
  const files = [...new Set([...code, ...own.files.keys()])].sort();
  const compiled = await compileOwnFiles({
    root,
    files,
    format: own.format,
    nodeTarget: input.nodeTarget,
    sourcemap: input.sourcemap,
    facts,
    analyses,
    group: groupOf(project),
    stubs: project.stubs,
    transform: decorators,
  });
  const reason = input.enabled ? `the app's own code is shipped as files: ${modeReason}` : modeReason;
  judgeInput.roots = [];
  for (const dir of judgeInput.production) judgeInput.forced.set(dir, reason);
  for (const path of files) {
    const moduleScope = facts.scope(join(path, ".."))?.json.type === "module";
    const { analysis } = analyses.analyze(groupOf(project), relative(root, path), path, { moduleScope, own: true });
    for (const request of analysis.requests) {
      const found = resolver.resolve(
        request.specifier,
        path,
        request.kind === "import" || request.kind === "dynamic" ? "import" : "require",
      );
      if (found.type !== "file" || !/[\\/]node_modules[\\/]/.test(found.path)) continue;
      const scope = facts.packageOf(found.path);
      if (scope && !judgeInput.forced.has(scope.dir)) judgeInput.forced.set(scope.dir, reason);
    }
  }
  const judgement = judge(judgeInput);
  const parts = partsOf(project, own, judgement, undefined, {
    mode: "files",
    modeReason,
    consumed: files,
    asIs: compiled.asIs,
    assets: "all",
    entryOut: compiled.nameOf(join(root, own.entries[0] as string)),
  });
  return { parts, facts: ownFacts(own, root), outputs: compiled.compiled, own, judgement, bundle: undefined };
}
