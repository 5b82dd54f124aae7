/** What a set of Debian packages needs: Debian Policy 7 (Depends, Pre-Depends, Provides, alternatives). */
import { KnbuildError } from "../base/errors.ts";
import { satisfiesRelation, type VersionRelation } from "./debian-version.ts";
import { type IndexedPackage, type PackageIndex, parseProvides } from "./package-index.ts";

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
  present: readonly IndexedPackage[] = [],
): IndexedPackage[] {
  const there = new Map<string, string>();
  const provided = new Map<string, string[]>();
  const chosen: IndexedPackage[] = [];
  const add = (found: IndexedPackage) => {
    there.set(found.name, found.version);
    for (const [name, version] of parseProvides(found.provides)) {
      provided.set(name, [...(provided.get(name) ?? []), version]);
    }
  };
  const take = (found: IndexedPackage) => {
    if (there.has(found.name)) return;
    add(found);
    chosen.push(found);
  };
  const isSatisfied = (relation: Relation) =>
    [there.get(relation.name), ...(provided.get(relation.name) ?? [])].some(
      (version) => version !== undefined && fits(version, relation),
    );
  for (const found of present) add(found);
  for (const name of names) take(findNamed(index, name));
  // Breadth first and in the order of the fields: the same index gives the same choice. `chosen` grows under the loop.
  for (const next of chosen) {
    for (const clause of parseDependencies(next.depends)) {
      // An excluded name is a decision for the whole clause: no alternative comes in its stead.
      if (clause.some(isSatisfied) || clause.some(({ name }) => excluded.has(name))) continue;
      const candidates = clause.flatMap((relation) => candidatesFor(index, relation));
      if (candidates.length === 0) throw unsatisfied(next, clause);
      const allowed = candidates.find(({ name }) => !excluded.has(name));
      if (allowed) take(allowed);
    }
  }
  return chosen.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function findNamed(index: PackageIndex, name: string): IndexedPackage {
  const found = index.get(name);
  if (found) return found;
  const providers = index.providersOf(name).map((provider) => provider.name);
  const only = providers.length === 1 ? index.get(providers[0] as string) : undefined;
  if (only) return only;
  const similar = [...index.names()].filter(
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
  const real = index.get(wanted.name);
  if (real && fits(real.version, wanted)) return [real];
  return index
    .providersOf(wanted.name)
    .filter(({ version }) => fits(version ?? "", wanted))
    .flatMap(({ name }) => index.get(name) ?? [])
    .sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

/** A virtual package without a version (an empty one) satisfies no relation that names one: Policy 7.5. */
function fits(version: string, { relation, version: wanted }: Relation): boolean {
  return relation === undefined || (version !== "" && satisfiesRelation(version, relation, wanted as string));
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
