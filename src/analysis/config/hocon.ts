import { push } from "../scope/sources.ts";

/** HOCON as far as lines show it: dotted keys, and all that a key is given (`port = 8080`, then `port = ${?PORT}`). */
export function readHocon(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const path: string[][] = [];
  for (const raw of lines(text)) {
    const line = raw.trim();
    if (line === "") continue;
    const opened = /^"?([\w.-]+)"?\s*[=:]?\s*\{$/.exec(line);
    const given = /^"?([\w.-]+)"?\s*[=:]\s*(.+?),?$/.exec(line);
    if (opened) path.push((opened[1] as string).split("."));
    else if (/^\{$/.test(line)) path.push([]);
    else if (/^\}/.test(line)) path.pop();
    else if (given && !/[{[]$/.test(line)) {
      const key = [...path.flat(), given[1]].join(".");
      const value = (given[2] as string).replace(/^"(.*)"$/, "$1");
      push(found, key, value);
    } else if (/\{$/.test(line)) path.push([]);
  }
  return found;
}

/** One entry or brace a line, without comments: `server { host = localhost, port = 80 }` is written in four. */
function lines(text: string): string[] {
  const bare = text.replace(/(^|\s)(?:#|\/\/).*$/gm, "$1");
  let out = "";
  let list = 0;
  for (const [token] of bare.matchAll(/"(?:[^"\\\n]|\\.)*(?:"|\\?$)|\$\{[^}\n]*(?:\}|$)|[\s\S]/gm)) {
    if (token === "[") list++;
    else if (token === "]") list = Math.max(0, list - 1);
    if (list > 0) out += token;
    else if (token === "{") out += "{\n";
    else if (token === "}") out += "\n}\n";
    else out += token === "," ? "\n" : token;
  }
  return out.split("\n");
}
