/** Server programs among a program's packages: they may start it, where nothing says how it is started. */
import type { Listener } from "./facts.ts";

const MANIFEST = /^(?:requirements[\w.-]*\.txt|pyproject\.toml|Pipfile|setup\.(?:py|cfg)|Gemfile)$/;
const PYTHON = /^[ \t]*["']?(gunicorn|uwsgi|waitress|hypercorn)\b/im;
const RUBY = /^[ \t]*gem ["'](puma|thin|unicorn|passenger|iodine|agoo|falcon)["']/m;
const GUARD = /^if __name__\s*==\s*["']__main__["']/;

/**
 * Says of `if __name__ == "__main__": app.run()` that gunicorn may be what starts the application, and of Sinatra that Puma
 * may be by `config.ru`. For programs whose start no file tells.
 */
export function markOtherStarter(listeners: readonly Listener[], texts: ReadonlyMap<string, string>): void {
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
