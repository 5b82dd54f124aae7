import { DEFAULT_PORT } from "../../contract/ports.ts";
import { ADDRESS_VARIABLES, address, listens, PORT_VARIABLES } from "../../dockerfile/listen.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { startCommand, variablesInForce } from "../../dockerfile/start.ts";

export default defineDockerfileRule({
  id: "KN001",
  severity: "error",
  clause: "S1",
  summary: "The port comes from PORT",
  help: 'The platform says with PORT where requests arrive; it is 8080 unless the service says otherwise. Pass it on: `["sh", "-c", "exec gunicorn -b :${PORT:-8080} app:app"]`, or let the app read it.',
  examples: {
    good: [
      'FROM python:3.13\nCMD ["sh", "-c", "exec gunicorn -b :${PORT:-8080} app:app"]\n',
      'FROM node:24\nENV SERVER_PORT=3000\nENV SERVER_PORT=8080\nCMD ["node", "s.js"]\n',
    ],
    bad: [
      'FROM python:3.13\nCMD ["uvicorn", "a:app", "--port", "3000"]\n',
      'FROM node:24\nCMD ["env", "PORT=3000", "node", "s.js"]\n',
      "FROM node:24\nCMD export PORT=3000; exec node s.js\n",
      "FROM node:24\nENV MY_PORT=3000\nCMD exec node s.js --port $MY_PORT\n",
      "FROM python:3.13\nCMD exec gunicorn -b :${APP_LISTEN:-3000} a:app\n",
    ],
  },
  *check(subject) {
    const start = startCommand(subject);
    for (const program of start?.programs ?? []) {
      for (const { port, text } of listens(program)) {
        if (port === undefined || port === DEFAULT_PORT || !start) continue;
        yield { at: start.instruction, message: `the port is fixed to ${port}: read PORT`, evidence: [text] };
      }
    }
    for (const { key, value, instruction } of variablesInForce(subject)) {
      const ports = PORT_VARIABLES.has(key)
        ? [Number(value)]
        : ADDRESS_VARIABLES.has(key)
          ? value.split(";").map((one) => address(one, one).port)
          : [];
      const fixed = ports.find((port) => port !== undefined && port > 0 && port !== DEFAULT_PORT);
      if (fixed !== undefined)
        yield {
          at: instruction,
          message: `${key} fixes the port to ${fixed}: read PORT`,
          evidence: [`${key}=${value}`],
        };
    }
  },
});
