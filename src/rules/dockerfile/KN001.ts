import { DEFAULT_PORT } from "../../contract/ports.ts";
import { fixedPorts } from "../../dockerfile/fixed-ports.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";

export default defineDockerfileRule({
  id: "KN001",
  severity: "error",
  clause: "S1",
  summary: "The port comes from PORT",
  help: 'The platform says with PORT where requests arrive; it is 8080 unless the service says otherwise. Pass it on: `["sh", "-c", "exec gunicorn -b :${PORT:-8080} app:app"]`, or let the app read it.',
  examples: {
    good: [
      "FROM node:24\nCMD until pg_isready -h db -p 5432; do sleep 1; done; exec node s.js\n",
      "FROM node:24\nCMD psql -p 5432 -c 'select 1' && mysqladmin --port=3306 ping; exec node s.js\n",
      'FROM python:3.13\nCMD ["sh", "-c", "exec gunicorn -b :${PORT:-8080} app:app"]\n',
      'FROM node:24\nENV SERVER_PORT=3000\nENV SERVER_PORT=8080\nCMD ["node", "s.js"]\n',
    ],
    bad: [
      'FROM python:3.13\nCMD ["uvicorn", "a:app", "--port", "3000"]\n',
      'FROM python:3.13\nCMD ["gunicorn", "-b0.0.0.0:5000", "a:app"]\n',
      'FROM node:24\nCMD ["env", "PORT=3000", "node", "s.js"]\n',
      "FROM node:24\nCMD PORT=3000 exec node s.js --host db\n",
      'FROM python:3.13\nCMD ["uvicorn", "a:app", "--host", "app", "--port", "3000"]\n',
      'FROM node:24\nCMD ["vite", "--host", "--port", "3000"]\n',
      'FROM node:24\nCMD ["webpack", "serve", "--host", "local-ip", "--port", "3000"]\n',
      "FROM node:24\nCMD export PORT=3000; exec node s.js\n",
      "FROM node:24\nENV MY_PORT=3000\nCMD exec node s.js --port $MY_PORT\n",
      "FROM python:3.13\nCMD exec gunicorn -b :${APP_LISTEN:-3000} a:app\n",
    ],
  },
  *check(subject) {
    for (const { port, at, text } of fixedPorts(subject)) {
      if (port !== DEFAULT_PORT) yield { at, message: `the port is fixed to ${port}: read PORT`, evidence: [text] };
    }
  },
});
