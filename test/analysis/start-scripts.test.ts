/** Start scripts: what they keep in variables comes to the server's address where they say so once, and only then. */
import { expect, it } from "vitest";
import { lintProgram } from "./programs.ts";

async function rulesOf(script: string): Promise<string[]> {
  return rulesOfFiles({
    Dockerfile: 'FROM python:3.13\nCOPY . .\nCMD ["./start.sh"]\n',
    "start.sh": `#!/bin/sh\n${script}\n`,
    "app.py": "from flask import Flask\napp = Flask(__name__)\n",
  });
}

async function rulesOfFiles(files: Record<string, string>): Promise<string[]> {
  const found = await lintProgram(new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])));
  return found.map((f) => f.rule).filter((rule) => /^KS00[12]$/.test(rule));
}

const SERVE = "exec gunicorn -b $BIND app:app";

it.each([
  ["an address", `BIND=127.0.0.1:$PORT\n${SERVE}`, ["KS002"]],
  ["an address in quotes, with a note", `export BIND="127.0.0.1:$PORT" # for the proxy\n${SERVE}`, ["KS002"]],
  ["an address after a block", `if [ -f .env ]; then\n  . ./.env\nfi\nBIND=127.0.0.1:$PORT\n${SERVE}`, ["KS002"]],
  ["another script after it", `BIND=127.0.0.1:8000\n[ -f /etc/app ] && . /etc/app\n${SERVE}`, []],
  ["a subshell that shows it", "(set -x; exec $prefix gunicorn -b 127.0.0.1:$PORT app:app)", ["KS002"]],
  ["a file of variables", `export BIND=127.0.0.1:8000\nset -a\n. ./deploy.env\nset +a\n${SERVE}`, []],
  ["a list of variables", `BIND=127.0.0.1:8000\nexport $(grep -v '^#' .env | xargs)\n${SERVE}`, []],
  ["a text that is run", `BIND=127.0.0.1:8000\neval "$(config-of-site)"\n${SERVE}`, []],
  ["an option", `BIND=127.0.0.1:8000\nwhile getopts "b:" o; do\n  printf -v BIND %s "$OPTARG"\ndone\n${SERVE}`, []],
  ["a computed name", `BIND=127.0.0.1:8000\ndeclare "$name=$value"\n${SERVE}`, []],
  ["a function that reads a file", `load() {\n  . ./.env\n}\nBIND=127.0.0.1:8000\nload\n${SERVE}`, []],
  ["a file afterwards", `BIND=127.0.0.1:$PORT\n${SERVE}\n. ./.env`, ["KS002"]],
  ["a port before a file", "PORT=8000\n. ./.env\nexec gunicorn -b 0.0.0.0:$PORT app:app", []],
  ["a port over the platform's", "PORT=8000\nexec gunicorn -b 0.0.0.0:$PORT app:app", ["KS001"]],
  ["one of two", `BIND=0.0.0.0:$PORT\nif [ "$LOCAL" = 1 ]; then\nBIND=127.0.0.1:5000\nfi\n${SERVE}`, []],
  ["a case", `case "$MODE" in\n  prod) BIND=0.0.0.0:$PORT ;;\n  *)\nBIND=127.0.0.1:5000\n    ;;\nesac\n${SERVE}`, []],
  ["a condition before", `[ "$LOCAL" = 1 ] &&\nBIND=127.0.0.1:$PORT\n${SERVE}`, []],
  ["a function", `local_only() {\nBIND=127.0.0.1:$PORT\n}\n${SERVE}`, []],
  ["a here-document", `cat > local.sh <<END\nBIND=127.0.0.1:$PORT\nEND\n${SERVE}`, []],
  ["another command's", `BIND=0.0.0.0:$PORT\n${SERVE}\nBIND=127.0.0.1:9000\nexec celery -b $BIND`, []],
  ["a port by default", 'if [ -z "$PORT" ]; then\n  PORT=8000\nfi\nexec gunicorn -b 0.0.0.0:$PORT app:app', []],
  ["the same on one line", 'if [ -z "$PORT" ]; then PORT=8000; fi\nexec gunicorn -b 0.0.0.0:$PORT app:app', []],
  ["the same by a list", '[ -z "$PORT" ] && PORT=8000\nexec uvicorn app:app --host 0.0.0.0 --port $PORT', []],
  ["the same on two lines", '[ -z "$PORT" ] &&\nPORT=8000\nexec uvicorn app:app --host 0.0.0.0 --port $PORT', []],
])("%s", async (_, script, rules) => {
  expect(await rulesOf(script)).toEqual(rules);
});

it("reads a script of bash's, and composer's own start", async () => {
  const files = {
    Dockerfile: 'FROM python:3.13\nADD serve.bash /opt/bin\nCMD ["/opt/bin/serve.bash"]\n',
    "serve.bash": "#!/bin/bash\nexec /opt/bin/gunicorn \\\n    -b 0.0.0.0:$PORT \\\n    app:app\n",
    "app.py":
      'from flask import Flask\napp = Flask(__name__)\nif __name__ == "__main__":\n    app.run(host="127.0.0.1")\n',
  };
  const site = {
    "composer.json": '{"scripts":{"start":"@php -S localhost:8000 -t public"}}',
    "public/index.php": "<?php\n",
  };
  expect(await rulesOfFiles(files)).toEqual([]);
  expect(await rulesOfFiles(site)).toEqual(["KS001", "KS002"]);
});

it("reads the command behind an entry point that is a script", async () => {
  const flask = {
    "app.py": 'from flask import Flask\napp = Flask(__name__)\ndef main():\n    app.run(host="127.0.0.1", port=9000)\n',
    "docker/entrypoint.sh": '#!/bin/sh\nset -e\nexec "$@"\n',
  };
  const image = (bind: string): string =>
    `FROM python:3.13\nCOPY docker/entrypoint.sh /entrypoint.sh\nENTRYPOINT ["/entrypoint.sh"]\nCMD ["/venv/bin/gunicorn", "app:app", "--bind=${bind}:9000"]\n`;
  expect(await rulesOfFiles({ ...flask, Dockerfile: image("0.0.0.0") })).toEqual(["KS001"]);
  expect(await rulesOfFiles({ ...flask, Dockerfile: image("127.0.0.1") })).toEqual(["KS001", "KS002"]);
});

it.each([
  ["the script's own", 'if [ "$1" = "serve" ]; then\n  shift 1\n  node . "$@"\nelse\n  exec "$@"\nfi', []],
  ["a case of the script's own", 'case "$1" in\n  serve)\n    shift\n    node . "$@" ;;\nesac', []],
  ["a program", 'if [ "$1" = "serve" ]; then\n  mkdir -p /site\nfi\nexec "$@"', ["KS001"]],
])("takes the word that an entry point is given for %s", async (_, script, rules) => {
  const files = {
    Dockerfile:
      'FROM node:24\nCOPY entrypoint.sh /entrypoint.sh\nENTRYPOINT ["/entrypoint.sh"]\nCMD ["serve", "-p", "9000"]\n',
    "entrypoint.sh": `#!/bin/sh\n${script}\n`,
    "index.js": "start();\n",
  };
  expect(await rulesOfFiles(files)).toEqual(rules);
});

it("comes to the end of a long address that has no port", async () => {
  const words = ["$SOME_LONG_VARIABLE_OF_THE_SCRIPT".repeat(7), "[]".repeat(40), "[a".repeat(40)];
  for (const word of words) expect(await rulesOf(`exec gunicorn -b ${word} app:app`)).not.toContain("KS002");
});
