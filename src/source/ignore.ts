/** Which files of the source take part: what is never taken, `.dockerignore` (Docker's semantics) and `.knbuildignore`. */
import dockerignoreModule from "@balena/dockerignore";

export interface IgnoreRules {
  /** `path` relative to the root, `/` as separator. */
  ignores(path: string): boolean;
  /** Nothing below this directory can take part, so a walk need not enter it. */
  prunes(directory: string): boolean;
}

// The package is CommonJS whose exports are the function itself; its types say `default`.
const dockerignore = dockerignoreModule as unknown as typeof dockerignoreModule.default;

/** Directories that are never source: version control, installed packages, editors' and tools' caches. */
const NEVER_DIRECTORIES = new Set([".git", ".hg", ".svn", "node_modules", ".DS_Store", "__pycache__", ".venv"]);

/**
 * Files that carry secrets by their name. They are never copied, neither to a staging directory nor into an image.
 * A `!` line of an ignore file cannot bring them back except for `.env.NAME` files, which some builds are meant to read.
 */
export function isSecretPath(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (isEnvFile(name)) return true;
  if (
    /^(?:\.npmrc|\.yarnrc|\.yarnrc\.yml|\.netrc|_netrc|\.pypirc|\.git-credentials|\.dockercfg|\.htpasswd)$/.test(name)
  )
    return true;
  if (/^id_(?:rsa|dsa|ecdsa|ed25519)$/.test(name)) return true;
  if (/\.(?:p12|pfx|keystore|jks|kdbx)$/i.test(name)) return true;
  if (/(?:^|[-_.])(?:private|server|tls|ssl|privkey|host)[-_.]?(?:key)?\.(?:key|pem)$/i.test(name) && /key/i.test(name))
    return true;
  return (
    /(?:^|\/)(?:\.ssh|\.aws|\.gnupg|\.kube|\.azure)(?:\/|$)/.test(path) || /(?:^|\/)\.docker\/config\.json$/.test(path)
  );
}

/** `.env`, `.env.local`, `.env.production` …, but not the examples that people commit. */
export function isEnvFile(name: string): boolean {
  return /^\.env(?:\.|$)/.test(name) && !/\.(?:example|sample|template|dist|defaults)$/.test(name);
}

/** @param texts contents of the ignore files, in order of precedence: a later line wins. */
export function createIgnoreRules(texts: readonly string[]): IgnoreRules {
  const matcher = dockerignore();
  let negated = false;
  const readmitted = dockerignore();
  for (const text of texts) {
    matcher.add(text);
    for (const line of text.split(/\r?\n/)) {
      if (!line.trim().startsWith("!")) continue;
      negated = true;
      readmitted.add(line.trim().slice(1));
    }
  }
  const any = texts.some((text) => /^\s*[^#\s]/m.test(text));

  function never(path: string): boolean {
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (NEVER_DIRECTORIES.has(name)) return true;
    if (!isSecretPath(path)) return false;
    return !(isEnvFile(name) && name !== ".env" && negated && readmitted.ignores(path) && !matcher.ignores(path));
  }

  return {
    ignores: (path) => never(path) || (any && matcher.ignores(path)),
    // With `!` lines a file below an ignored directory may still take part.
    prunes: (directory) => never(directory) || (any && !negated && matcher.ignores(directory)),
  };
}
