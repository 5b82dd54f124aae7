/** Commands that a package of Python installs: they are the program, whatever folder they lie in. */

/** Is a file one of `scripts=["scripts/serve.py"]`, or beside the module of an entry point (`name = package.scripts.cli:main`)? */
export function installedScripts(texts: ReadonlyMap<string, string>): (path: string) => boolean {
  const files = new Set<string>();
  const folders = new Set<string>();
  for (const [path, text] of texts) {
    const manifest = /^(.*\/)?(setup\.py|setup\.cfg|pyproject\.toml)$/.exec(path);
    if (!manifest) continue;
    const root = manifest[1] ?? "";
    const scripts = /\bscripts\s*=\s*\[([^\]]*)\]/.exec(text)?.[1] ?? "";
    for (const [, file] of scripts.matchAll(/["']([\w./-]+)["']/g)) files.add(`${root}${file}`);
    for (const [, module] of text.matchAll(/=\s*["']?([A-Za-z_][\w.]*)\.\w+:\w+["']?/g))
      for (const base of [root, `${root}src/`]) folders.add(`${base}${(module as string).replaceAll(".", "/")}/`);
  }
  return (path) => files.has(path) || folders.has(path.slice(0, path.lastIndexOf("/") + 1));
}
