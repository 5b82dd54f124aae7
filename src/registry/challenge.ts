/** WWW-Authenticate, by RFC 9110 11.6.1: several challenges in one header, quoted strings, in any case. */

export interface Challenge {
  /** Lower case: `basic`, `bearer`. */
  scheme: string;
  /** Keys in lower case. */
  parameters: Record<string, string>;
}

const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;

export function parseChallenges(header: string | undefined): Challenge[] {
  if (!header) return [];
  const challenges: Challenge[] = [];
  let position = 0;
  const skip = (pattern: RegExp) => {
    pattern.lastIndex = position;
    const found = pattern.exec(header);
    if (found) position = pattern.lastIndex;
    return found?.[0];
  };
  while (position < header.length) {
    skip(/[\s,]+/y);
    const name = skip(TOKEN);
    if (name === undefined) break;
    const start = position;
    skip(/\s*/y);
    if (header[position] === "=" && challenges.length > 0) {
      position++;
      skip(/\s*/y);
      const value = header[position] === '"' ? quoted() : skip(/[^\s,]*/y);
      (challenges.at(-1) as Challenge).parameters[name.toLowerCase()] = value ?? "";
    } else {
      position = start;
      challenges.push({ scheme: name.toLowerCase(), parameters: {} });
    }
  }
  return challenges;

  function quoted(): string {
    let text = "";
    position++;
    while (position < header!.length && header![position] !== '"') {
      if (header![position] === "\\") position++;
      text += header![position++] ?? "";
    }
    position++;
    return text;
  }
}
