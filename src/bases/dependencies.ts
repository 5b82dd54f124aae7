/** What a set of Debian packages needs: Debian Policy 7 (Depends, Pre-Depends, Provides, alternatives). */
import { KnbuildError } from "../base/errors.ts";
import type { IndexedPackage, PackageIndex } from "./archive.ts";
import { satisfiesRelation, type VersionRelation } from "./debian-version.ts";

interface Relation {
  name: string;
  relation?: VersionRelation;
  version?: string;
}

/**
 * The named packages and everything they depend on, sorted by name.
 * @param excluded packages (and virtual names) that are left out where they are only depended on; a name that is asked for
 *   is always taken
 * @param present what lower layers have already: satisfies, but is not given again
 * @throws BASE_PACKAGE_MISSING, BASE_DEPENDENCY_UNSATISFIED
 */
export function dependencyClosure(
  index: PackageIndex,
  names: readonly string[],
  excluded: ReadonlySet<string>,
  present: ReadonlySet<string> = new Set(),
): IndexedPackage[] {
  const chosen = new Map<string, IndexedPackage>();
  const queue: IndexedPackage[] = [];
  const take = (found: IndexedPackage) => {
    if (chosen.has(found.name) || present.has(found.name)) return;
    chosen.set(found.name, found);
    queue.push(found);
  };
  for (const name of names) take(findNamed(index, name));
  const isThere = (name: string) => present.has(name) || chosen.has(name);
  // Breadth first and in the order of the fields: the same index gives the same choice.
  for (let next = queue.shift(); next; next = queue.shift()) {
    for (const clause of parseDependencies(next.depends)) {
      const candidates = clause.flatMap((relation) => candidatesFor(index, relation));
      if (candidates.some(({ name }) => isThere(name))) continue;
      // An excluded name is a decision for the whole clause: no alternative comes in its stead.
      if (clause.some(({ name }) => excluded.has(name))) continue;
      if (!candidates[0]) throw unsatisfied(next, clause);
      const allowed = candidates.find(({ name }) => !excluded.has(name));
      if (allowed) take(allowed);
    }
  }
  return [...chosen.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function findNamed(index: PackageIndex, name: string): IndexedPackage {
  const found = index.packages.get(name);
  if (found) return found;
  const providers = index.providers.get(name)?.map((provider) => provider.name) ?? [];
  const only = providers.length === 1 ? index.packages.get(providers[0] as string) : undefined;
  if (only) return only;
  const similar = [...index.packages.keys()].filter(
    (other) => other.startsWith(name) || (name.startsWith(other) && other.length > 3),
  );
  throw new KnbuildError({
    code: "BASE_PACKAGE_MISSING",
    message: `Debian has no package ${name}`,
    hint:
      providers.length > 0
        ? `Name one of those that provide it: ${providers.sort().slice(0, 8).join(", ")}.`
        : similar.length > 0
          ? `Similar names: ${similar.sort().slice(0, 8).join(", ")}.`
          : "Check the name, and the suite of the base.",
  });
}

/** Real packages first, then providers: those of a higher priority first, then by name. */
function candidatesFor(index: PackageIndex, wanted: Relation): IndexedPackage[] {
  const fits = (version: string | undefined) =>
    wanted.relation === undefined ||
    (version !== undefined && satisfiesRelation(version, wanted.relation, wanted.version as string));
  const real = index.packages.get(wanted.name);
  const providers = (index.providers.get(wanted.name) ?? [])
    .filter((provider) => fits(provider.version))
    .map((provider) => index.packages.get(provider.name) as IndexedPackage)
    .sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
  return [...(real && fits(real.version) ? [real] : []), ...providers];
}

const PRIORITIES = ["required", "important", "standard", "optional", "extra"];

function rank(found: IndexedPackage): number {
  const position = PRIORITIES.indexOf(found.priority);
  return position < 0 ? PRIORITIES.length : position;
}

/** `a (>= 1) | b, c:any` as clauses of alternatives. */
export function parseDependencies(text: string): Relation[][] {
  return text
    .split(",")
    .map((clause) =>
      clause.split("|").flatMap((alternative): Relation[] => {
        const match = /^\s*([a-z0-9][a-z0-9.+-]*)(?::[a-z0-9-]+)?\s*(?:\(\s*(<<|<=|=|>=|>>)\s*([^)\s]+)\s*\))?/.exec(
          alternative,
        );
        if (!match) return [];
        const [, name = "", relation, version] = match;
        return [relation && version ? { name, relation: relation as VersionRelation, version } : { name }];
      }),
    )
    .filter((clause) => clause.length > 0);
}

function unsatisfied(by: IndexedPackage, clause: readonly Relation[]): KnbuildError {
  const text = clause
    .map(({ name, relation, version }) => (relation ? `${name} (${relation} ${version})` : name))
    .join(" | ");
  return new KnbuildError({
    code: "BASE_DEPENDENCY_UNSATISFIED",
    message: `${by.name} ${by.version} depends on ${text}, which the archive does not have`,
    hint: "The mirror may be half-way through an update: try again later, or name another mirror.",
  });
}
