/** Server programs that supervisord starts in the image: `[program:web]`, `command=gunicorn -b 127.0.0.1:5000 app:app`. */

import type { FactValue, StartCommand } from "../facts.ts";
import { isLocalHost } from "../values.ts";
import { type CommandFacts, readCommand } from "./commands.ts";

const SUPERVISES = /(?:^|\/)supervisord$/;
const CONFIG = /(?:^|\/)[\w.-]*supervisor[\w.-]*\.(?:conf|ini)$/i;
const COMMAND = /^\[program:[^\]\n]+\][^[]*?^command[ \t]*=[ \t]*(.+)$/gm;
const PROXY = /^(?:\S*\/)?(?:nginx|caddy|haproxy|httpd|apache2(?:ctl)?|traefik)\b/;

/** Adds what they say to what the commands say; what a proxy beside them asks on localhost is behind it. */
export function readSupervised(
  commands: readonly StartCommand[],
  texts: ReadonlyMap<string, string>,
  facts: CommandFacts,
): void {
  if (!commands.some((c) => c.from === "dockerfile" && c.words.some((w) => SUPERVISES.test(w)))) return;
  const started: StartCommand[] = [];
  for (const [file, text] of texts)
    if (CONFIG.test(file))
      for (const m of text.matchAll(COMMAND)) {
        const said = (m[1] as string).trim();
        const end = m.index + m[0].length;
        const words = said.replace(/%\(ENV_(\w+)\)s/g, "$$$1").split(/\s+/);
        const place = { file, start: end - (m[1] as string).length, end };
        started.push({ words, place, from: "other", shell: false });
      }
  const before = facts.listeners.length;
  for (const c of started) readCommand(c, facts);
  // Their flags are those of the program: `command=python main.py --host 0.0.0.0`.
  facts.chosen = [...facts.chosen, ...started];
  if (!started.some((c) => PROXY.test(c.words.join(" ")))) return;
  const isLocal = (v: FactValue): boolean => v.kind === "literal" && isLocalHost(v.value);
  const inFront = facts.listeners.splice(before).filter((l) => !l.host.every(isLocal));
  facts.listeners.push(...inFront);
  facts.isBehindProxy = true;
}
