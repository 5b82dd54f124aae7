/** `web:` of a Procfile, as a command of a shell that is replaced by the program. */
import type { Source } from "../../source/open.ts";

/** undefined: none, or one that is more than a single command. PORT is there on the platform; elsewhere it is 8080. */
export function procfileWeb(source: Source): string | undefined {
  const line = /^web[ \t]*:[ \t]*(.+?)[ \t]*$/m.exec(source.read("Procfile") ?? "")?.[1];
  if (line === undefined || /[;&|<>]|^\w+=/.test(line)) return undefined;
  const command = line.replace(/^exec\s+/, "").replace(/\$PORT\b|\$\{PORT\}/g, "${PORT:-8080}");
  // Bound by default to the platform's port, and without it to the loopback.
  return /^gunicorn\s/.test(command) && !/\s(?:-b|--bind|-c|--config)\b/.test(command)
    ? command.replace(/^gunicorn/, "gunicorn --bind 0.0.0.0:${PORT:-8080}")
    : command;
}
