/** Files of Python that serve nobody outside: tasks of developers, servers for the program's own window. */

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
