/** Where the function of Go around a place begins and ends, as offsets: one begins with its line. The last ends with the file. */
export function functionSpan(code: string, start: number, end = start): { from: number; to: number } {
  const to = code.indexOf("\nfunc ", end);
  return { from: code.lastIndexOf("\nfunc ", start) + 1, to: to < 0 ? code.length : to };
}
