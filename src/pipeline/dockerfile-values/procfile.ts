/** `web:` of a Procfile, as a command of a shell that is replaced by the program. */
import type { Source } from "../../source/open.ts";

/** A variable and what it is set to, with the blanks behind: a quoted value may hold some. */
const ASSIGNMENT = "[A-Za-z_]\\w*=(?:\"[^\"]*\"|'[^']*'|[^\\s\"'])*\\s+";
/** Variables before the program, as `procfileWeb` leaves them. */
export const LEADING_VARIABLES = new RegExp(`^env\\s+((?:${ASSIGNMENT})+)`);

/** undefined: none, or one that is more than a single command. PORT is there on the platform; elsewhere it is 8080. */
export function procfileWeb(source: Source): string | undefined {
  const line = /^web[ \t]*:[ \t]*(.+?)[ \t]*$/m.exec(source.read("Procfile") ?? "")?.[1];
  if (line === undefined || /[;&|<>]/.test(line)) return undefined;
  // Variables before a command, as `env` takes them: a shell's exec does not.
  const [, variables = "", rest = ""] =
    new RegExp(`^(?:env\\s+)?((?:${ASSIGNMENT})*)(?:exec\\s+)?(.*)$`).exec(line) ?? [];
  if (rest === "") return undefined;
  const command = withPort(rest);
  // Bound by default to the platform's port, and without it to the loopback.
  const bound =
    /^gunicorn\s/.test(command) && !/\s(?:-b|--bind|-c|--config)\b/.test(command)
      ? command.replace(/^gunicorn/, "gunicorn --bind 0.0.0.0:${PORT:-8080}")
      : command;
  return variables === "" ? bound : `env ${withPort(variables.trim())} ${bound}`;
}

function withPort(text: string): string {
  return text.replace(/\$PORT\b|\$\{PORT(?::-[^}]*)?\}/g, "${PORT:-8080}");
}
