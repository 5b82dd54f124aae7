/** Which programs of a Go module its own scripts build: what none of them names is a tool or a sample beside these. */

/** `Makefile`, `build.sh`, `scripts/build-linux.sh`, `Taskfile.yml`, `.goreleaser.yaml` */
const BUILDS =
  /^(?:(?:GNU)?[Mm]akefile|\.?[Jj]ustfile|(?:scripts?\/)?build(?:[-_.]\w+)*\.sh|[Tt]askfile\.ya?ml|\.goreleaser(?:[-.]\w+)*\.ya?ml)$/;

/** Their folders (`cmd/server`, nothing for the root's own); undefined where they name none, or where one is not told by its name. */
export function builtPrograms(texts: ReadonlyMap<string, string>): ReadonlySet<string> | undefined {
  const out = new Set<string>();
  for (const [path, text] of texts) {
    if (!BUILDS.test(path)) continue;
    // In another folder `.` is another program.
    if (/\bcd\b.*\bgo build\b|\bgo (?:-C|build -C)\b|^[ \t]*dir:/m.test(text)) return undefined;
    const said = text.replace(/\\\r?\n/g, " ").replace(/^[ \t]*(?:#|\/\/).*$/gm, "");
    const given = path.startsWith(".goreleaser")
      ? [...said.matchAll(/^[ \t]*(?:- )?main:[ \t]*["']?([^\s"']+)/gm)].map(([, main = ""]) => main)
      : [...said.matchAll(/\bgo (?:build|install)\b[^\n;|&]*/g)].map(([line]) => line.trim().split(/\s+/).at(-1) ?? "");
    for (const word of given) {
      const folder = /^["']?\.\/((?:[\w.-]+\/)*[\w-]+)?\/?(?:[\w-]+\.go)?["']?$/.exec(
        word.replace(/^(?=\w[\w-]*\/)|^\.$/, "./"),
      );
      // `go build ./cmd/$(NAME)`, `./...`, `go install example.com/tool@latest`: what that is is not told here.
      if (!folder) {
        if (/@|^(?:build|install)$/.test(word)) continue;
        return undefined;
      }
      out.add(folder[1] ?? "");
    }
  }
  return out.size > 0 ? out : undefined;
}
