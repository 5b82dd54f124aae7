/**
 * update-alternatives(1) without running it: many packages (libblas3, awk) put their file aside and link to it from a
 * maintainer script. Scripts are not run here, but a literal `--install` says all that is needed.
 */

export interface Alternative {
  /** Path of the link, without the leading slash. */
  link: string;
  /** What it points to, absolute. */
  target: string;
  priority: number;
}

/** The `--install LINK NAME PATH PRIORITY [--slave LINK NAME PATH]…` of a script; what holds variables is passed over. */
export function readAlternatives(script: string): Alternative[] {
  const found: Alternative[] = [];
  for (const command of script.replaceAll("\\\n", " ").split(/[\n;]|&&|\|\|/)) {
    const words = command.trim().split(/\s+/);
    const start = words.findIndex((word) => /(?:^|\/)update-alternatives$/.test(word));
    const install = words.indexOf("--install");
    if (start < 0 || install < start) continue;
    const [link, , target, priorityText = ""] = words.slice(install + 1);
    const priority = Number.parseInt(priorityText, 10);
    if (Number.isNaN(priority)) continue;
    const add = (from: string | undefined, to: string | undefined) => {
      if (isPlain(from) && isPlain(to)) found.push({ link: from.slice(1), target: to, priority });
    };
    add(link, target);
    for (const [i, word] of words.entries()) if (word === "--slave") add(words[i + 1], words[i + 3]);
  }
  return found;
}

function isPlain(path: string | undefined): path is string {
  return path !== undefined && /^\/[\w.+@/-]+$/.test(path) && !path.split("/").includes("..");
}
