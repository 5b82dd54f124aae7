/** Servers that wait for one answer of a browser and end with it: it comes back there with what its user has agreed to. */
import type { FactSink } from "../collect.ts";
import type { SourceModule } from "../scope/scope.ts";
import { functionSpan } from "./functions.ts";

/** Opens a browser: `openBrowser(url)`, `browser.OpenURL(url)`, `open.Run(url)`, `exec.Command("xdg-open", url)`. */
const BROWSES = /\b(?:open_?(?:in_?)?(?:browser|url)|browser\.open\w*|open\.(?:run|start))\(|"xdg-open"/i;
/** What the browser comes back with. */
const AGREED = /oauth|callback|login|authoriz|access_?token|\btoken\w*\b/i;
/** Waits for it: `token := <-tokens`, `case code := <-codes:`, `return <-done`. */
const WAITS = /(?:=|\bcase|\breturn)\s*<-\s*\w/;
const ENDS = /\.(?:Shutdown|Close)\(/;

/** Marks those of a file. */
export function markPassing({ path, text }: SourceModule, sink: FactSink): void {
  if (!BROWSES.test(text) || !AGREED.test(text)) return;
  for (const l of sink.listeners) {
    if (l.place.file !== path) continue;
    const { from, to } = functionSpan(text, l.place.start, l.place.end);
    const body = text.slice(from, to);
    // A server that ends with a signal goes on until then.
    if ([BROWSES, AGREED, WAITS, ENDS].every((has) => has.test(body)) && !/\bsignal\.Notify/.test(body))
      l.passing = true;
  }
}
