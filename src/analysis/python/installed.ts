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

/** `@task`, `@duty`, `@nox.session`: what developers run by `invoke`, `duty`, `nox`, `fab`, in the file where it is looked for. */
export function isTaskFile(path: string, text: string): boolean {
  const name = /(?:^|\/)(tasks|duties|noxfile|fabfile|dodo)\.py$/.exec(path)?.[1];
  if (name === undefined) return false;
  return (
    name !== "tasks" ||
    /^[ \t]*from invoke import\b.*\btask\b|^[ \t]*@(?:invoke\.)?task\b(?=[\s\S]*?\n[ \t]*def \w+\((?:c|ctx|context)\b)/m.test(
      text,
    )
  );
}

/** What shows a page in a window of its own, by pywebview, Qt or flaskwebgui: the server in that file is for that window. */
const WINDOW = /\bwebview\.start\(|\bQWebEngineView\(|\bFlaskUI\(/;
/** Where the window may be left off, the server is one. */
const WITHOUT = /\bargparse\b|\bimport click\b|\bsys\.argv\[|\benviron\b|\bgetenv\b|head_?less|no_?(?:gui|window)/i;

export function isWindowFile(path: string, text: string): boolean {
  return path.endsWith(".py") && WINDOW.test(text) && !WITHOUT.test(text);
}
