/** File names as the lines of a Dockerfile take them: a shell's word, an argument of COPY. */

/** In single quotes where the shell would take it apart. */
export function shellWord(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** COPY of files by their names, in the JSON form where one has a blank; what would be a pattern or a variable means itself. */
export function copyLine(from: readonly string[], to: string, flags: readonly string[] = []): string {
  const exact = [...from.map((path) => path.replace(/[[*?]/g, "[$&]")), to].map((path) => path.replaceAll("$", "\\$"));
  const spaced = exact.some((path) => /\s/.test(path));
  return ["COPY", ...flags, ...(spaced ? [JSON.stringify(exact)] : exact)].join(" ");
}
