/** A text as it stands in a pattern (no `u` flag): every character means itself. */
export function escaped(text: string): string {
  return text.replace(/\W/g, "\\$&");
}
