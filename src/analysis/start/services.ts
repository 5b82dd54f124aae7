/** What an image starts by other ways than a command or a script: services of s6 and runit, a target of a Makefile. */
import { escaped } from "../../base/escaped.ts";
import type { StartCommand } from "../facts.ts";

/** `root/etc/services.d/shop/run`, `etc/s6-overlay/s6-rc.d/svc-shop/run`, `etc/service/shop/run`, which no command names. */
const SERVICE = /(?:^|\/)(?:services\.d|s6-rc\.d|service|sv)\/[\w.-]+\/run$/;
/** A line of a script that starts something for all interfaces, and does not only ask there or say so. */
export const OPENS = /^(?![ \t]*#)(?!.*\b(?:curl|wget|nc|grep|echo)\b).*(?<![\d.])0\.0\.0\.0(?![\d.])/m;

/** Does one of them start something for all interfaces: `exec python3 /app/app.py --bind 0.0.0.0`? */
export function startsOpenService(texts: ReadonlyMap<string, string>, commands: readonly StartCommand[]): boolean {
  for (const [path, text] of texts) if (SERVICE.test(path) && OPENS.test(text)) return true;
  const made = commands
    .filter((c) => c.from === "dockerfile" && c.words[0] === "make")
    .flatMap((c) => c.words.slice(1));
  const recipe = texts.get("Makefile") ?? "";
  return made.some((target) =>
    OPENS.test(
      new RegExp(`^${escaped(target)}[ \\t]*:(?!=)[^\\n]*\\n((?:\\t[^\\n]*(?:\\n|$))+)`, "m").exec(recipe)?.[1] ?? "",
    ),
  );
}
