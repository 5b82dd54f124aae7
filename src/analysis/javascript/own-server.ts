/** Calls of a method `listen` that is the program's own: what it does is followed there. */
import type { Visit } from "../collect.ts";

/** `async listen(port?: number, host?: string): Promise<void> {` of a class. */
const OWN_LISTEN =
  /^[ \t]*(?:(?:public|protected|override|async)[ \t]+)*listen(?:Async)?[ \t]*(?:<[^>\n]*>)?\([^()\n]*\)[ \t]*(?::[^{}\n]*)?\{/m;

export function isOwnServer({ view, module, evaluator }: Visit): boolean {
  // `server.listen(port, isRestart)`
  const second = view.call.args[1]?.value;
  if (second?.kind === "literal" && typeof second.value === "boolean") return true;
  // `ctx.server.listen(port, host)`, where `ctx` is of a type of the program's own, and so is what listens.
  return /^[A-Z]\w*\./.test(view.path) && evaluator.project.matching(OWN_LISTEN, module).length > 0;
}
