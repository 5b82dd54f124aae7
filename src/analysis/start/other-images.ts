/** Images that a repository makes beside the one that counts: `Dockerfile.gateway`, `dockerfile_hub`. */
import type { Listener, StartCommand } from "../facts.ts";
import { giveFlags } from "./commands.ts";
import { recipesOfImages } from "./images.ts";
import { readDockerfile, type StartFacts } from "./start.ts";

/**
 * Which of the programs the server belongs to may not be known; where another image gives the flag that its address is
 * declared for an address that is open, that is the image of this server. Flags that say nothing of it are left alone.
 */
export function giveOtherImages(
  listeners: readonly Listener[],
  texts: ReadonlyMap<string, string>,
  picked: string | undefined,
): void {
  if (picked === undefined || !listeners.some((l) => l.host.some((h) => h.kind === "option"))) return;
  const opening = recipesOfImages(texts)
    .filter((path) => path !== picked && OPEN.test(texts.get(path) ?? ""))
    .flatMap((path) => commandsOf(path, texts))
    .filter(({ words }) => words.some((w) => OPEN.test(w)));
  // One at a time: what else such a command says is for its own program.
  for (const command of opening)
    for (const [i, w] of command.words.entries()) {
      const flag = /^--?[\w-]+(?:=(.*))?$/.exec(w);
      const given = flag?.[1] ?? command.words[i + 1];
      if (flag && OPEN.test(given ?? "")) giveFlags(listeners, [{ ...command, words: command.words.slice(i, i + 2) }]);
    }
}

const OPEN = /(?:^|[\s"'=,[])(?:0\.0\.0\.0|\[::\])(?::\d+)?(?=$|[\s"',\]])/m;

function commandsOf(path: string, texts: ReadonlyMap<string, string>): StartCommand[] {
  const facts: StartFacts = { commands: [], imageEnv: {} };
  readDockerfile(path, texts.get(path) as string, facts, texts);
  return facts.commands;
}
