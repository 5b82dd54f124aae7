/** What a full build knows about packages and the app, in the words of the result. */
import { join, relative } from "node:path";
import { handlesSigterm, readsWorkingDirectory } from "./facts.ts";
import type { JudgedPackage, Judgement } from "./judge.ts";
import type { OwnCode } from "./own-code.ts";
import { packageNameOf } from "./package-scope.ts";
import type { BundleParts, OwnFacts } from "./parts.ts";
import { declaredPackages } from "./production.ts";
import type { Project } from "./project.ts";
import type { ExternalPackage, ShippedPackage } from "./types.ts";
import type { Vendor } from "./vendor.ts";

export function ownFacts(own: Pick<OwnCode, "files">, root: string): OwnFacts {
  const sigterm: string[] = [];
  let readsFiles = false;
  for (const [path, { analysis }] of own.files) {
    if (analysis.sigtermLine) sigterm.push(`${relative(root, path)}:${analysis.sigtermLine} adds a SIGTERM listener`);
    readsFiles ||=
      analysis.readsFiles || analysis.places.some((p) => /^(?:meta-)?(?:dirname|filename|url)$/.test(p.what));
  }
  return { readsFiles, sigterm: sigterm.sort() };
}

type PackageParts = Pick<BundleParts, "bundled" | "external" | "packages" | "packageSigterm" | "packagesReadFiles">;

/** @param asked files that the app's own code asks for */
export function describePackages(
  judgement: Judgement,
  vendor: Vendor | undefined,
  root: string,
  asked: readonly string[],
): PackageParts {
  const direct = new Set(asked.map((path) => judgement.files.get(path)?.packageDir));
  const inside = new Set(vendor?.files ?? []);
  const bundled = new Set<string>();
  const external: ExternalPackage[] = [];
  const packages: ShippedPackage[] = [];
  const all = [...judgement.packages.values()].sort((a, b) => (a.dir < b.dir ? -1 : 1));
  for (const one of all) {
    const dir = relative(root, one.dir);
    if (one.reason !== undefined) {
      external.push({ name: one.name, version: one.version, reason: one.reason });
      packages.push({ name: one.name, version: one.version, dir, how: "files", files: [] });
      continue;
    }
    const files = one.files
      .filter((path) => inside.has(path))
      .map((path) => relative(one.dir, path))
      .sort();
    if (files.length === 0) continue;
    bundled.add(`${one.name}@${one.version}`);
    packages.push({ name: one.name, version: one.version, dir, how: "bundled", files });
  }
  external.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1));
  return {
    bundled: [...bundled].sort(),
    external,
    packages,
    packageSigterm: all
      .filter((p) => p.files.length > 0 && handlesSigterm(p.name))
      .map((p) => `${p.name} adds a SIGTERM listener`),
    packagesReadFiles: all.some(
      (p) => readsWorkingDirectory(p.name) || (direct.has(p.dir) && loadsFromTheApp(p, judgement)),
    ),
  };
}

/** It lists folders below the working directory and loads what it finds there by names that it makes. */
function loadsFromTheApp(one: JudgedPackage, judgement: Judgement): boolean {
  const analyses = one.files.flatMap((path) => judgement.files.get(path)?.analysis ?? []);
  const looks = new Set(analyses.flatMap((analysis) => analysis.looksAround ?? []));
  return (
    looks.size === 2 &&
    analyses.some(({ findings }) =>
      findings.some(({ code }) => code === "computed-require" || code === "computed-import"),
    )
  );
}

/** Every folder under which Node will look a shipped package up. */
export function seenFolders(project: Project, own: OwnCode, judgement: Judgement): Set<string> {
  const { resolver, facts, appDir } = project;
  const seen = new Set<string>();
  const look = (name: string | undefined, from: string) => {
    const found = name && resolver.findPackage(name, from);
    if (!found) return;
    const dir = facts.realpath(found);
    // A link to a member of the workspace: its files are the app's own.
    if (
      judgement.packages.get(dir)?.reason !== undefined ||
      own.inputs.some((path) => path.startsWith(`${dir}/`) && !dir.includes("/node_modules/"))
    )
      seen.add(found);
  };
  for (const request of [...own.requests, ...own.runtimeRequests])
    look(packageNameOf(request.specifier), join(request.importer, ".."));
  for (const one of declaredPackages(appDir, facts, resolver)) look(one.name, appDir);
  for (const one of judgement.packages.values()) {
    const json = facts.packageJson(one.dir) ?? {};
    const declared = {
      ...json.dependencies,
      ...json.optionalDependencies,
      ...json.peerDependencies,
      ...json.peerDependenciesMeta,
    };
    for (const name of Object.keys(declared)) look(name, one.dir);
    for (const path of one.files) {
      for (const request of judgement.files.get(path)?.analysis?.requests ?? [])
        look(packageNameOf(request.specifier), join(path, ".."));
    }
  }
  return seen;
}
