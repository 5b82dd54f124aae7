/** Why an app ended before it answered, as far as its own words tell. */

export function exitCause(text: string): string {
  const refused = /\b(?:EACCES|EROFS|EPERM|Permission denied|Read-only file system)\b/i.exec(text);
  const unreached = /\b(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT)[: ]+([\w.:[\]-]+)/.exec(text)?.[1];
  if (refused === null && unreached !== undefined)
    return `It needs a service that it does not reach (${unreached}): start that, and tell the app where it is (-e NAME=value).`;
  if (refused === null) return "A variable that must be set, or a file that is not in the image, is the usual cause.";
  const path = /(?:path: |(?:mkdir|open|scandir|unlink|rename) )['"]([^'"]+)['"]/.exec(text.slice(refused.index))?.[1];
  return `It may not write ${path ?? "there"}: the image's user is not root. What is written belongs below /tmp, and is lost when the instance stops; most programs take the place from a variable (-e NAME=/tmp/…).`;
}
