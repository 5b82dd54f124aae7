/** Why an app ended before it answered, as far as its own words tell. */

export function exitCause(text: string): string {
  const refused = /\b(?:EACCES|EROFS|EPERM|Permission denied|Read-only file system)\b/i.exec(text);
  const unreached = /\b(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT)[: ]+([\w.:[\]-]+)/.exec(text)?.[1];
  if (refused === null && unreached !== undefined)
    return `It needs a service that it does not reach (${unreached}): start that, and tell the app where it is (-e NAME=value).`;
  const wanted = refused === null ? missingVariables(text) : [];
  if (wanted.length > 0) return `It asks for ${inWords(wanted)}: -e NAME=value, or --env-file FILE.`;
  if (refused === null) return "A variable that must be set, or a file that is not in the image, is the usual cause.";
  const path = /(?:path: |(?:mkdir|open|scandir|unlink|rename) )['"]([^'"]+)['"]/.exec(text.slice(refused.index))?.[1];
  return `It may not write ${path ?? "there"}: the image's user is not root. What is written belongs below /tmp, and is lost when the instance stops; most programs take the place from a variable (-e NAME=/tmp/…).`;
}

const NAME = /(?<![\w.$])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![\w(])/g;
const LACKS =
  /\bis (?:required|missing|undefined|empty|not (?:set|defined|provided|configured))\b|\bmissing\b|\bnot (?:set|found)\b|\bmust be (?:set|defined|provided|specified)\b|\brequired\b|\b[Ss]et \S+ environment variable|^KeyError: |\b[Pp]lease (?:set|provide|define)\b/;
/** How zod, t3-env and valibot list what they refuse: a key alone, the reason in the next line. */
const LISTED = /^\s*(?:["']?([A-Z][A-Z0-9_]+)["']?: \[|path: \[\s*['"]([A-Z][A-Z0-9_]+)['"])/;

/** The variables that an app says it lacks, as far as its words are common ones. */
function missingVariables(text: string): string[] {
  const lists = /\benv(?:ironment)?\b/i.test(text);
  const names = text.split("\n").flatMap((line) => {
    const listed = lists ? LISTED.exec(line) : null;
    if (listed) return listed[1] ?? listed[2] ?? [];
    if (!LACKS.test(line) || /\bReferenceError\b|\bCannot find (?:module|package)\b|ERR_MODULE/.test(line)) return [];
    return line.match(NAME) ?? [];
  });
  return [...new Set(names)].filter((name) => !/^(?:ERR|UV|NODE_MODULE|MODULE)_/.test(name)).slice(0, 5);
}

function inWords(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
