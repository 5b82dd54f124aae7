/** Programs in Go that several rules are shown on. */

/** A main package with these imports (space-separated) and this main function; `more` stands after it. */
export function goMain(imports: string, body: string, more = ""): string {
  const list = imports
    .split(" ")
    .map((i) => `\t"${i}"`)
    .join("\n");
  return `package main\n\nimport (\n${list}\n)\n\nfunc main() {\n${body
    .split("\n")
    .map((line) => (line ? `\t${line}` : line))
    .join("\n")}\n}\n${more ? `\n${more}\n` : ""}`;
}

/** Serves on PORT. */
export const GO_LISTEN = 'log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))';
