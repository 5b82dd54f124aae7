/** Settings that the script which starts the program writes anew before it does. */

/** `sed -i "s|^host:.*|host: $IP|" $CONFIG`: settings whose address the script says anew, whatever stands in them. */
export function rewritesHost(line: string): boolean {
  const put = /^(?![ \t]*#).*\bsed\b.*?["'\s]s([|/#,@])(?:(?!\1).)+\1((?:(?!\1).)*)\1/.exec(line)?.[2] ?? "";
  return (
    /(?:host|addr|bind|listen|interface)[\w-]*["']?\s*[:=]\s*["']?(?:\$|0\.0\.0\.0|\*|\[?::)/i.test(put) &&
    !/localhost|127\.0\.0\.1|(?:database|db|redis|sql|mail|smtp)[\w-]*(?:host|addr)/i.test(put)
  );
}
