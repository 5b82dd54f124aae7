/** Which places a repository may be read from, in order, and why. */
import { type Mirror, type MirrorRule, matchLength } from "./rules.ts";

export interface Choice {
  /** Mirrors in the order in which they are asked. */
  mirrors: { mirror: Mirror; from: string }[];
  /** The registry itself is asked when no mirror has an answer. */
  useOrigin: boolean;
  /** The file that forbids to read from the registry. */
  blockedBy?: string;
  /** The file that says that the registry itself is insecure. */
  insecureBy?: string;
}

/**
 * The project's own rule with the longest prefix first, then of each of the machine's tools what it goes by itself; a strict rule
 * of the project excludes the machine's mirrors as well as the registry.
 */
export function selectMirrors(
  own: readonly MirrorRule[],
  machine: readonly MirrorRule[],
  registry: string,
  repository: string,
): Choice {
  const chosen = longest(own, registry, repository);
  const rules = chosen?.strict ? [chosen] : [...(chosen ? [chosen] : []), ...matching(machine, registry, repository)];
  const seen = new Set<string>();
  const mirrors: Choice["mirrors"] = [];
  for (const rule of rules) {
    for (const mirror of rule.mirrors) {
      const key = `${mirror.baseUrl?.href ?? mirror.host} ${mirror.repositoryFor(repository)}`;
      // A registry that is named as its own mirror (containerd's `server`) is the origin.
      if (seen.has(key) || (mirror.host === registry && mirror.repositoryFor(repository) === repository)) continue;
      seen.add(key);
      mirrors.push({ mirror, from: rule.from });
    }
  }
  const blocked = rules.find((rule) => rule.blocked);
  if (blocked) return { mirrors, useOrigin: false, blockedBy: blocked.from };
  const useOrigin = mirrors.length === 0 || !rules.some((rule) => rule.strict);
  const insecureBy = rules.find((rule) => rule.insecure)?.from;
  return { mirrors, useOrigin, ...(insecureBy !== undefined && { insecureBy }) };
}

function longest(rules: readonly MirrorRule[], registry: string, repository: string): MirrorRule | undefined {
  let best: MirrorRule | undefined;
  let length = -1;
  for (const rule of rules) {
    const matched = matchLength(rule.prefix, registry, repository);
    if (matched > length) [best, length] = [rule, matched];
  }
  return best;
}

function matching(rules: readonly MirrorRule[], registry: string, repository: string): MirrorRule[] {
  const found = rules
    .map((rule) => ({ rule, length: matchLength(rule.prefix, registry, repository) }))
    .filter(({ length }) => length >= 0)
    .sort((a, b) => b.length - a.length);
  const longestOf = new Map<MirrorRule["tool"], number>();
  for (const { rule, length } of found) if (!longestOf.has(rule.tool)) longestOf.set(rule.tool, length);
  return found.filter(({ rule, length }) => longestOf.get(rule.tool) === length).map(({ rule }) => rule);
}
