/** HOCON as far as lines show it: dotted keys, and all that a key is given (`port = 8080`, then `port = ${?PORT}`). */
export function readHocon(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const path: string[][] = [];
  for (const raw of text.split("\n")) {
    const line = raw.replace(/(^|\s)(?:#|\/\/).*$/, "").trim();
    if (line === "") continue;
    const opened = /^"?([\w.-]+)"?\s*[=:]?\s*\{$/.exec(line);
    const given = /^"?([\w.-]+)"?\s*[=:]\s*(.+?),?$/.exec(line);
    if (opened) path.push((opened[1] as string).split("."));
    else if (/^\{$/.test(line)) path.push([]);
    else if (/^\}/.test(line)) path.pop();
    else if (given && !/[{[]$/.test(line)) {
      const key = [...path.flat(), given[1]].join(".");
      const value = (given[2] as string).replace(/^"(.*)"$/, "$1");
      found.set(key, [...(found.get(key) ?? []), value]);
    } else if (/\{$/.test(line)) path.push([]);
  }
  return found;
}
