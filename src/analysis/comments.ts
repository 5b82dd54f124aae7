const TOKEN = /'(?:\\.|[^\\'\n])'|"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;

/** Code of the C family with its comments as spaces, so that offsets stay. `//` in a string is an address. */
export function blankComments(text: string): string {
  return text.replace(TOKEN, (m) => (m.startsWith("/") ? m.replace(/[^\n]/g, " ") : m));
}
