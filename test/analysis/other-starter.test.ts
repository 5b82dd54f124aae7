/** Where nothing says how a program is started, and its packages hold a server that may start it, an error is a warning. */
import { expect, it } from "vitest";
import { lintProgram } from "./programs.ts";

async function localhostIn(files: Record<string, string>): Promise<string[]> {
  const found = await lintProgram(new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])));
  return found
    .filter((f) => f.rule === "KS002")
    .map((f) => `${f.severity}${/unless (\w+) starts/.exec(f.message)?.[1] ?? ""}`);
}

const FLASK = "from flask import Flask\napp = Flask(__name__)\n";
const GUARDED = `${FLASK}\nif __name__ == "__main__":\n    app.run(port=8080)\n`;

it.each([
  ["nothing but Flask", { "main.py": GUARDED, "requirements.txt": "flask\n" }, ["error"]],
  ["gunicorn", { "main.py": GUARDED, "requirements.txt": "flask\ngunicorn==23.0.0\n" }, ["warninggunicorn"]],
  [
    "gunicorn in pyproject.toml",
    { "main.py": GUARDED, "pyproject.toml": '[project]\ndependencies = [\n  "flask",\n  "gunicorn (>=20)",\n]\n' },
    ["warninggunicorn"],
  ],
  ["not guarded", { "main.py": `${FLASK}app.run(port=8080)\n`, "requirements.txt": "flask\ngunicorn\n" }, ["error"]],
  [
    "a start command",
    { "main.py": GUARDED, "requirements.txt": "flask\ngunicorn\n", Procfile: "web: python main.py\n" },
    ["error"],
  ],
  [
    "App Engine's start command",
    { "main.py": GUARDED, "app.yaml": "runtime: python\nentrypoint: gunicorn -b :$PORT main:app\n" },
    [],
  ],
  [
    "App Engine's start command for localhost",
    { "main.py": GUARDED, "app.yaml": "runtime: python\nentrypoint: gunicorn -b 127.0.0.1:$PORT main:app\n" },
    ["error"],
  ],
  [
    "another app.yaml",
    { "main.py": GUARDED, "app.yaml": "name: app\nentrypoint: gunicorn -b :$PORT main:app\n" },
    ["error"],
  ],
] as const)("Python with %s", async (_, files, expected) => {
  expect(await localhostIn(files)).toEqual(expected);
});

const SINATRA = 'require "sinatra"\nget("/") { "hi" }\n';
const RACK = 'require "./app"\nrun Sinatra::Application\n';

it.each([
  ["alone", { "app.rb": SINATRA, Gemfile: 'gem "puma"\n' }, ["error"]],
  ["behind Rack, with Puma", { "app.rb": SINATRA, "config.ru": RACK, Gemfile: 'gem "puma"\n' }, ["warningpuma"]],
  ["behind Rack, without a server", { "app.rb": SINATRA, "config.ru": RACK, Gemfile: 'gem "sinatra"\n' }, ["error"]],
  [
    "beside another application of Rack's",
    { "app.rb": SINATRA, "config.ru": 'require "./admin"\nrun Admin\n', Gemfile: 'gem "puma"\n' },
    ["error"],
  ],
] as const)("Sinatra %s", async (_, files, expected) => {
  expect(await localhostIn(files)).toEqual(expected);
});
