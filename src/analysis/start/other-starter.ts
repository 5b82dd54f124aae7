/** Server programs among a program's packages: they may start it, where nothing says how it is started. */
import type { Listener, StartCommand } from "../facts.ts";

const MANIFEST = /^(?:requirements[\w.-]*\.txt|pyproject\.toml|Pipfile|setup\.(?:py|cfg)|Gemfile)$/;
const PYTHON = /^[ \t]*["']?(gunicorn|uwsgi|waitress|hypercorn)\b/im;
const RUBY = /^[ \t]*gem ["'](puma|thin|unicorn|passenger|iodine|agoo|falcon)["']/m;
const GUARD = /^if __name__\s*==\s*["']__main__["']/;

/** The listeners that count, of those whose file may be loaded by a server instead of being started itself. */
export function heedOtherStarter(
  listeners: Listener[],
  texts: ReadonlyMap<string, string>,
  commands: readonly StartCommand[],
): Listener[] {
  const isStarted = ({ place: { file } }: Listener): boolean =>
    commands.some((c) => c.words.some((w) => w.endsWith(file.slice(file.lastIndexOf("/") + 1))));
  const own = listeners.filter((l) => isStarted(l) || !isBesideRacks(l, texts));
  // A script starts the program, and none that is known starts this file: Rack's server loads it.
  if (commands.length > 0) return own.filter((l) => isStarted(l) || !isRacks(l, texts));
  markOtherStarter(own, texts);
  return own;
}

/** `util/echo.rb` that serves when it is run, where `config.ru` says what the program is. */
function isBesideRacks({ framework, place, evidence }: Listener, texts: ReadonlyMap<string, string>): boolean {
  const inFolder = /^(?!lib\/|app\/|src\/).*\//.test(place.file);
  return framework === "Sinatra" && inFolder && /^require\b/.test(evidence[0] ?? "") && texts.has("config.ru");
}

/**
 * Says of `if __name__ == "__main__": app.run()` that gunicorn may be what starts the application, and of Sinatra that Puma
 * may be by `config.ru`. For programs whose start no file tells.
 */
function markOtherStarter(listeners: readonly Listener[], texts: ReadonlyMap<string, string>): void {
  const manifests = [...texts].filter(([path]) => MANIFEST.test(path)).map(([, text]) => text);
  const held = (server: RegExp): string | undefined => manifests.flatMap((text) => server.exec(text)?.[1] ?? [])[0];
  for (const l of listeners) {
    const text = texts.get(l.place.file) ?? "";
    const starter = isGuarded(l, text) ? held(PYTHON) : isRacks(l, texts) ? held(RUBY) : undefined;
    if (starter) l.otherStarter = starter;
  }
}

/** Under the condition that the file is the one that was started. */
function isGuarded({ place }: Listener, text: string): boolean {
  return (
    place.file.endsWith(".py") &&
    GUARD.test(
      text
        .slice(0, place.start)
        .match(/^[^\s#)\]}].*$/gm)
        ?.at(-1) ?? "",
    )
  );
}

/** `config.ru` loads the file: Rack's server is started, and this one does not start itself. */
function isRacks({ framework, place }: Listener, texts: ReadonlyMap<string, string>): boolean {
  const name = /^(?:lib\/)?([\w/-]+)\.rb$/.exec(place.file)?.[1];
  if (framework !== "Sinatra" || name === undefined) return false;
  return new RegExp(`^[ \\t]*require\\w*\\b.*\\b${name}\\b`, "m").test(texts.get("config.ru") ?? "");
}
