/** `web:` of a Procfile, as a command of a shell that is replaced by the program. */
import type { Source } from "../../source/open.ts";

/** undefined: none, or one that is more than a single command. PORT is there on the platform; elsewhere it is 8080. */
export function procfileWeb(source: Source): string | undefined {
  const line = /^web[ \t]*:[ \t]*(.+?)[ \t]*$/m.exec(source.read("Procfile") ?? "")?.[1];
  if (line === undefined || /[;&|<>]/.test(line)) return undefined;
  // Variables before a command, as `env` takes them: a shell's exec does not.
  const [, variables = "", rest = ""] = /^((?:[A-Za-z_]\w*=\S*\s+)*)(?:exec\s+)?(.*)$/.exec(line) ?? [];
  if (rest === "") return undefined;
  const command = rest.replace(/\$PORT\b|\$\{PORT(?::-[^}]*)?\}/g, "${PORT:-8080}").replaceAll('"', "'");
  // Bound by default to the platform's port, and without it to the loopback.
  const bound =
    /^gunicorn\s/.test(command) && !/\s(?:-b|--bind|-c|--config)\b/.test(command)
      ? command.replace(/^gunicorn/, "gunicorn --bind 0.0.0.0:${PORT:-8080}")
      : command;
  return variables === "" ? bound : `env ${variables.trim().replaceAll('"', "'")} ${bound}`;
}
