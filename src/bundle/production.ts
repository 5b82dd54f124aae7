/** The packages that production needs by what package.json files declare: dependencies, optional ones, peers. */
import { type FileFacts, isUseless } from "./package-scope.ts";
import type { Resolver } from "./resolve.ts";

export interface DeclaredPackage {
  name: string;
  /** Real folder. */
  dir: string;
  /** Folder as found, before symbolic links. */
  seen: string;
}

/** The installed ones of the packages that a folder's package.json declares for production; absent and useless ones are left out. */
export function declaredPackages(dir: string, facts: FileFacts, resolver: Resolver): DeclaredPackage[] {
  const json = facts.packageJson(dir) ?? {};
  const names = Object.keys({ ...json.dependencies, ...json.optionalDependencies, ...json.peerDependencies });
  const found: DeclaredPackage[] = [];
  for (const name of names) {
    const seen = resolver.findPackage(name, dir);
    if (seen && !isUseless(name, facts.packageJson(seen))) found.push({ name, dir: facts.realpath(seen), seen });
  }
  return found;
}

/** Real folders of everything that the app's declared dependencies lead to. */
export function productionPackages(appDir: string, facts: FileFacts, resolver: Resolver): Set<string> {
  const all = new Set<string>();
  const queue = [appDir];
  for (let dir = queue.pop(); dir !== undefined; dir = queue.pop()) {
    for (const one of declaredPackages(dir, facts, resolver)) {
      const meta = facts.packageJson(dir)?.peerDependenciesMeta?.[one.name];
      const declares = facts.packageJson(dir);
      const onlyPeer = !declares?.dependencies?.[one.name] && !declares?.optionalDependencies?.[one.name];
      // An optional peer comes only with someone who depends on it.
      if (all.has(one.dir) || (onlyPeer && meta?.optional)) continue;
      all.add(one.dir);
      queue.push(one.dir);
    }
  }
  return all;
}
