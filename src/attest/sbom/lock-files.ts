/** What npm, pnpm, yarn and bun leave in a project; npm's and pnpm's own records of what they installed come first. */
export const LOCK_FILES: readonly string[] = [
  "node_modules/.package-lock.json",
  "package-lock.json",
  "npm-shrinkwrap.json",
  "node_modules/.pnpm/lock.yaml",
  "pnpm-lock.yaml",
  "yarn.lock",
  "bun.lock",
];
