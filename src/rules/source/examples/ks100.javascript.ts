import { examplesOf } from "./examples.ts";

export default examplesOf(
  "index.js",
  [
    {
      "package.json": '{ "scripts": { "start": "node index.js" } }',
      "index.js": 'require("http").createServer((q, s) => s.end()).listen(process.env.PORT);',
    },
    {
      "package.json": '{ "scripts": { "start": "next start" }, "dependencies": { "next": "15.0.0" } }',
      "util.js": "export const add = (a, b) => a + b;",
    },
    { "package.json": '{ "name": "lib", "main": "index.js" }', "index.js": "exports.add = (a, b) => a + b;" },
    {
      "package.json": '{ "scripts": { "start": "functions-framework --target=hello" } }',
      "index.js": "exports.hello = (req, res) => res.send('hi');",
    },
    {
      "package.json": '{ "scripts": { "start": "node server.js" } }',
      "server.js": 'const start = require("our-server");\nstart();',
      "node_modules/our-server/index.js": "",
      "lib.js": 'require("express");',
    },
    {
      "package.json": '{ "scripts": { "start": "fastify start app.js" } }',
      "app.js": "module.exports = async (fastify) => fastify.get('/', async () => 'hi');",
    },
    {
      "package.json": '{ "scripts": { "start": "node main.js" } }',
      "main.js": 'import { startServer } from "@acme/platform";\nstartServer();',
    },
    { "package.json": '{ "scripts": { "test": "node --test" } }', "cli.js": "console.log(process.argv[2]);" },
    {
      "package.json": '{ "scripts": { "start": "node index.js" } }',
      "index.js": "Bun.serve({ fetch: () => new Response('hi') });",
    },
    {
      "package.json": '{ "scripts": { "start": "node index.js" } }',
      "index.js": "const gateway = require('some-gateway');\ngateway({ routes: [] }).start(process.env.PORT || 80);",
    },
  ],
  [
    {
      "package.json": '{ "scripts": { "start": "node index.js" } }',
      "index.js": 'const fs = require("fs");\nconsole.log(fs.readdirSync("."));',
    },
    {
      "package.json": '{ "scripts": { "start": "node job.js" }, "dependencies": { "pg": "8.0.0" } }',
      "job.js":
        'const { Client } = require("pg");\nconst client = new Client();\nclient.connect().then(() => client.query("vacuum"));',
    },
    {
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nCMD ["node", "migrate.mjs"]\n',
      "migrate.mjs": 'import { migrate } from "./steps.mjs";\nawait migrate();',
      "steps.mjs": "export async function migrate() {\n  console.log('nothing to do');\n}",
    },
    {
      Procfile: "web: node report.js\n",
      "report.js":
        'const { BigQuery } = require("@google-cloud/bigquery");\nnew BigQuery().query("select 1").then(console.log);',
    },
    {
      "package.json": '{ "scripts": { "start": "tsx src/main.ts" } }',
      "src/main.ts": "const words: string[] = process.argv.slice(2);\nconsole.log(words.join(' '));",
    },
    {
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nENTRYPOINT ["node", "/app/worker.js"]\n',
      "worker.js":
        'const Redis = require("ioredis");\nconst redis = new Redis(process.env.REDIS);\n(async () => {\n  for (;;) console.log(await redis.blpop("jobs", 0));\n})();',
    },
    {
      "package.json": '{ "scripts": { "start": "node scrape.js" }, "dependencies": { "cheerio": "1.0.0" } }',
      "scrape.js":
        'const cheerio = require("cheerio");\nfetch(process.env.PAGE).then((r) => r.text()).then((t) => console.log(cheerio.load(t)("h1").text()));',
    },
    {
      "package.json": '{ "scripts": { "start": "node --enable-source-maps build.cjs" } }',
      "build.cjs": 'const { readFileSync } = require("fs");\nconsole.log(readFileSync("in.md", "utf8").length);',
      "out.txt": "",
    },
  ],
);
