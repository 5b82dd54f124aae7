/** Packages that use what newer releases of Node have taken away: they fail when they are loaded. Facts, tried with each release. */
import { rangesIntersect, rangeWithin, type Source, validRange } from "../../src/sdk.ts";
import { dependsOn, type Manifest } from "./manifest.ts";

interface Limit {
  name: string;
  versions: string;
  /** The releases of Node that have it. */
  node: string;
  uses: string;
  /** Packages that bring it: for an app without a lock file. */
  broughtBy: readonly string[];
}

const LIMITS: readonly Limit[] = [
  // What a lock file pins: jsonwebtoken, google-auth-library and others of before April 2025.
  { name: "jwa", versions: "<1.4.2 || 2.0.0", node: "<25", uses: "SlowBuffer", broughtBy: [] },
  // It carries an older jwa, which it loads at its start; 13 and later in draft mode only.
  { name: "next", versions: ">=9 <13", node: "<25", uses: "SlowBuffer", broughtBy: [] },
  {
    name: "http-deceiver",
    versions: "*",
    node: "<24",
    uses: 'process.binding("http_parser")',
    broughtBy: ["spdy", "restify"],
  },
];

const LOCK_FILES = ["package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock"];

export interface NodeLimit {
  /** `jwa 1.4.1`. */
  package: string;
  node: string;
  /** Absent where it is a guess only. */
  uses?: string;
}

/** npm 6 wrote it, which came with Node 14 and older: an app of that time runs best on the oldest Node there is. */
const OF_NPM_6 = /^\s*\{[^{}]*"lockfileVersion":\s*1\b/;

/** What the locked packages, or without a lock file the named ones, need of Node. */
export function nodeLimits(root: Source, manifest: Manifest | undefined, limitBytes: number): NodeLimit[] {
  const lockFile = LOCK_FILES.find((file) => root.isFile(file));
  const text = lockFile === undefined ? undefined : root.read(lockFile, limitBytes);
  const old = text !== undefined && OF_NPM_6.test(text) ? [{ package: `${lockFile} of npm 6`, node: "<24" }] : [];
  const limits = LIMITS.flatMap(({ name, versions, node, uses, broughtBy }) => {
    if (text === undefined) {
      const range = validRange(dependsOn(manifest, name));
      const own = range !== null && rangeWithin(range, versions) ? name : undefined;
      const bringer =
        lockFile === undefined ? (own ?? broughtBy.find((one) => dependsOn(manifest, one) !== undefined)) : undefined;
      return bringer === undefined ? [] : [{ package: bringer, node, uses }];
    }
    const version = lockedVersions(text, name).find((one) => rangesIntersect(one, versions));
    return version === undefined ? [] : [{ package: `${name} ${version}`, node, uses }];
  });
  return [...limits, ...old];
}

/** Of npm's, Yarn's, pnpm's and Bun's lock files alike. */
function lockedVersions(text: string, name: string): string[] {
  if (!text.includes(name)) return [];
  const version = "(\\d+\\.\\d+\\.\\d+[\\w.+-]*)";
  const forms = [
    `"(?:[^"\\n]*/)?${name}":\\s*\\{\\s*"version":\\s*"${version}"`,
    `^"?${name}@[^\\n]*:\\r?\\n\\s+"?version"?:?\\s+"?${version}`,
    `["'/\\s]${name}[@/]${version}`,
  ];
  return forms.flatMap((form) => [...text.matchAll(new RegExp(form, "gm"))].map((match) => match[1] as string));
}
