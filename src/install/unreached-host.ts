/** What a script of somebody else's says of a host that it wanted to fetch from. */

/** The host's name, undefined where nothing says that one was not reached. */
export function unreachedHost(output: string): string | undefined {
  return (
    /\b(?:ENOTFOUND|EAI_AGAIN) ([\w-]+(?:\.[\w-]+)+)/.exec(output)?.[1] ??
    // next/font does not say the host.
    (/Failed to fetch `[^`]+` from Google Fonts/.test(output) ? "fonts.googleapis.com" : undefined) ??
    /\b(?:ECONNREFUSED|ETIMEDOUT)\b.*?\b([\w-]+(?:\.[\w-]+)*\.[a-z]{2,})\b/.exec(output)?.[1]
  );
}
