import { type DockerfileSubject, defineDockerfileRule, type Hit, replacement } from "../../dockerfile/rule.ts";
import { baseName, bottomImage, type Start, startCommand, variablesInForce } from "../../dockerfile/start.ts";
import type { Instruction } from "../../dockerfile/syntax.ts";

/** `$NAME`, `${NAME}`, `${NAME:-x}`, `${NAME:-${OTHER}}`; `{$NAME}` is how programs write it that put values in themselves. */
const VARIABLE = /(?<![{$\\])\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:[:?+\-=][^{}]*(?:\{[^{}]*\}[^{}]*)*)?\})/g;
/** They take a variable's name for what it says: interpreters of `-e CODE`, what fills in templates, scripts that may `eval`. */
const EXPANDS = /^(?:envsubst|awk|gawk|mawk|perl|ruby|php|jq|confd|supervisord)$|entrypoint|\.sh$/;

export default defineDockerfileRule({
  id: "KN009",
  severity: "warning",
  clause: "S1",
  summary: "The exec form expands no variables",
  help: 'Without a shell `$PORT` reaches the program as these five characters: it does not start, or listens elsewhere. Ask for a shell that goes away again, `["sh", "-c", "exec gunicorn -b :${PORT:-8080} app:app"]`, or `CMD exec …`; better still, let the app read PORT itself.',
  examples: {
    good: [
      'FROM python:3.13\nCMD ["sh", "-c", "exec gunicorn -b :$PORT app:app"]\n',
      "FROM python:3.13\nCMD exec gunicorn -b :$PORT app:app\n",
      'FROM eclipse-temurin:21\nCMD ["java", "-Dserver.port=${PORT}", "-jar", "/app.jar"]\n',
      'FROM debian:13\nENTRYPOINT ["/docker-entrypoint.sh"]\nCMD ["app", "--port", "$PORT"]\n',
      'FROM debian:13\nCMD ["awk", "{ print $PORT }"]\n',
    ],
    bad: [
      'FROM python:3.13\nCMD ["gunicorn", "-b", "0.0.0.0:$PORT", "app:app"]\n',
      'FROM python:3.13\nENTRYPOINT ["tini", "--", "uvicorn", "a:app"]\nCMD ["--port", "${PORT:-8080}"]\n',
      'FROM node:24\nENV ENTRY=s.js\nCMD ["node", "$ENTRY"]\n',
    ],
  },
  *check(subject) {
    const start = startCommand(subject);
    if (!start || start.shellForm || start.script) return;
    const [program] = start.programs;
    if (!program || [program.name, baseName(start.argv[0] ?? "")].some((name) => EXPANDS.test(name))) return;
    // `env -S` splits and expands.
    if (start.argv.some((word) => /^(?:-S|--split-string)/.test(word)) && baseName(start.argv[0] ?? "") === "env")
      return;
    const known = new Set(["PORT", ...variablesInForce(subject).map(({ key }) => key)]);
    // Spring and Quarkus put `${…}` into their properties.
    const expands: Expands = ([text, bare, braced]) =>
      known.has(bare ?? braced ?? "") && !(program.name === "java" && text[1] === "{");
    for (const instruction of [start.entrypoint, start.cmd]) {
      if (!instruction?.json) continue;
      for (const { value, span } of instruction.args) {
        const found = [...value.matchAll(VARIABLE)].find(expands);
        if (!found) continue;
        yield {
          at: span,
          message: `nothing expands ${found[0]}: no shell reads the exec form`,
          ...shellFix(subject, start, instruction, expands),
        };
        break;
      }
    }
  },
});

/** Whether a shell would be right to put in what VARIABLE found. */
type Expands = (found: RegExpMatchArray) => boolean;

/** `["sh", "-c", "exec …"]`, where CMD is all there is and the base has a shell. */
function shellFix(
  subject: DockerfileSubject,
  start: Start,
  instruction: Instruction,
  expands: Expands,
): Pick<Hit, "fix"> {
  if (start.entrypoint || !bottomImage(subject)?.facts?.shell) return {};
  const words = instruction.args.map(({ value }) => doubleQuoted(value, expands));
  // The shell expands a default's own variables as well, whatever they are.
  const nested = instruction.args.some(({ value }) =>
    [...value.matchAll(VARIABLE)].some((found) => expands(found) && found[0].lastIndexOf("$") > 0),
  );
  return {
    fix: {
      description: "let a shell expand it and go away",
      safe: !nested,
      edits: [
        replacement(
          instruction.rest.span,
          JSON.stringify(["sh", "-c", `exec ${words.join(" ")}`]).replaceAll('","', '", "'),
        ),
      ],
    },
  };
}

/** For sh: the variables that are meant are put in, nothing else is. */
function doubleQuoted(word: string, expands: Expands): string {
  if (/^[\w./:=@%+,-]+$/.test(word)) return word;
  let quoted = "";
  let end = 0;
  for (const found of word.matchAll(VARIABLE)) {
    if (!expands(found)) continue;
    quoted += word.slice(end, found.index).replace(/["\\`$]/g, "\\$&") + found[0].replace(/["\\`]|\$\(/g, "\\$&");
    end = found.index + found[0].length;
  }
  return `"${quoted}${word.slice(end).replace(/["\\`$]/g, "\\$&")}"`;
}
