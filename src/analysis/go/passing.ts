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

/** Takes what an identity provider sends back: `q.Get("code")`, held against the `state` that was sent there. */
const TAKES_CODE = /\.(?:Get|FormValue|Query)\("code"\)/;
const TAKES_STATE = /\.(?:Get|FormValue|Query)\("state"\)/;
/** Every path that it answers is one for that. */
const SIGNS_IN =
  /^(?:[A-Z]+ )?\/(?:[\w-]+\/)*(?:$|\w*(?:callback|redirect|oauth2?|auth|login|success|cancel|code|favicon)[\w.-]*\/?$)/;
/** The page that it shows then: `You can close this window`, `Return to your terminal`. */
const GO_BACK =
  /\b(?:close|return to|go back to)\b.{0,24}\b(?:window|tab|page|terminal|browser|cli|app|command line)\b/i;

/**
 * A file whose server answers nothing but what a browser comes back with, and then says that it may be closed. The program
 * of those who sign in does so; a site goes on with a page of its own.
 */
function onlySignsIn(text: string): boolean {
  if (!TAKES_CODE.test(text) || !TAKES_STATE.test(text) || !GO_BACK.test(text)) return false;
  const paths = [...text.matchAll(/\.Handle(?:Func)?\(\s*"([^"]*)"/g)].map(([, path = ""]) => path);
  return paths.length > 0 && paths.every((path) => SIGNS_IN.test(path));
}

/** Marks those of a file. */
export function markPassing({ path, text }: SourceModule, sink: FactSink): void {
  if (onlySignsIn(text)) for (const l of sink.listeners) if (l.place.file === path) l.passing = true;
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
