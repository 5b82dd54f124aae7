import { ADDRESS_VARIABLES, address, HOST_VARIABLES, isLoopback, listens } from "../../dockerfile/listen.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { startCommand, variablesInForce } from "../../dockerfile/start.ts";

export default defineDockerfileRule({
  id: "KN002",
  severity: "error",
  clause: "S11",
  summary: "Listen on all addresses",
  help: "Requests reach the container from outside its network namespace: a server on localhost is never ready. Use 0.0.0.0 (or ::).",
  examples: {
    good: [
      'FROM python:3.13\nCMD ["uvicorn", "a:app", "--host", "0.0.0.0"]\n',
      "FROM debian:13\nENV DB_HOST=127.0.0.1\n",
      "FROM debian:13\nENV HOST=localhost\nENV HOST=0.0.0.0\n",
    ],
    bad: [
      'FROM python:3.13\nCMD ["gunicorn", "-b", "127.0.0.1:8080", "a:app"]\n',
      "FROM debian:13\nENV HOST=localhost\n",
      "FROM debian:13\nCMD HOST=127.0.0.1 /app\n",
    ],
  },
  *check(subject) {
    const start = startCommand(subject);
    for (const program of start?.programs ?? []) {
      for (const { host, text } of listens(program)) {
        if (start && isLoopback(host))
          yield { at: start.instruction, message: `${host} is not reachable: listen on 0.0.0.0`, evidence: [text] };
      }
    }
    for (const { key, value, instruction } of variablesInForce(subject)) {
      const local = HOST_VARIABLES.has(key)
        ? isLoopback(address(value, value).host ?? value)
        : ADDRESS_VARIABLES.has(key) && value.split(";").some((one) => isLoopback(address(one, one).host));
      if (local) yield { at: instruction, message: `${key}=${value} is not reachable: listen on 0.0.0.0` };
    }
  },
});
