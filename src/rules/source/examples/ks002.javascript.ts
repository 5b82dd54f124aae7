import { examplesOf } from "./examples.ts";

const EXPRESS = 'const app = require("express")();\nconst port = process.env.PORT || 8080;\n';

export default examplesOf(
  "server.js",
  [
    `${EXPRESS}app.listen(port);`,
    `${EXPRESS}app.listen(port, "0.0.0.0");`,
    `${EXPRESS}app.listen(port, () => console.log("http://localhost:" + port));`,
    'import Fastify from "fastify";\nawait Fastify().listen({ port: process.env.PORT, host: "0.0.0.0" });',
    'import Fastify from "fastify";\nawait Fastify().listen(process.env.PORT, "::");',
    `${EXPRESS}const host = process.env.NODE_ENV === "production" ? "0.0.0.0" : "localhost";\napp.listen(port, host);`,
    {
      "server.js": `${EXPRESS}app.listen(port, process.env.HOST || "localhost");`,
      Dockerfile: 'FROM node:24\nENV HOST=0.0.0.0\nCMD ["node", "server.js"]',
    },
    `${EXPRESS}const redis = require("redis").createClient({ host: "127.0.0.1" });\napp.listen(port);`,
    'Deno.serve({ port: Number(Deno.env.get("PORT")), hostname: "0.0.0.0" }, () => new Response("hi"));',
    `${EXPRESS}const host = "localhost";\nconsole.log(host);\napp.listen(port);`,
    { "package.json": '{ "name": "site", "scripts": { "start": "fastify start -a 0.0.0.0 app.js" } }' },
    {
      "server.js": 'const make = require("./make");\nmake().listen(process.env.PORT, "0.0.0.0");\n',
      "make.js":
        'const server = require("http").createServer();\nmodule.exports = () => ({ listen: (port, ...rest) => server.listen(port, ...rest) });\n',
    },
    'const options = {\n  port: { abbr: "p", info: "Port", wikiDefault: process.env.PORT || 5984 },\n  host: { abbr: "o", info: "Address to bind", wikiDefault: "0.0.0.0" },\n};\nfunction given(name) {\n  const option = options[name];\n  return config.get(option.section, option.key);\n}\nrequire("express")().listen(process.env.PORT, given("host"));\n',
    'const Hapi = require("hapi");\nconst server = new Hapi.Server();\nserver.connection({ port: process.env.PORT, address: "0.0.0.0", host: "localhost" });\nserver.start();\n',
    'const defaults = { host: "0.0.0.0" };\nconst options = Object.assign({}, defaults, parse(process.argv));\nconst app = require("express")();\nif (options.host === "-all-") app.listen(process.env.PORT);\nelse app.listen(process.env.PORT, options.host);\n',
  ],
  [
    `${EXPRESS}app.listen(port, "localhost");`,
    `${EXPRESS}const HOST = "127.0.0.1";\napp.listen(port, HOST, () => {});`,
    'import Fastify from "fastify";\nconst app = Fastify();\napp.listen({ port: Number(process.env.PORT) });',
    'const fastify = require("fastify")();\nfastify.listen(process.env.PORT, (err) => { if (err) throw err; });',
    'require("http").createServer(() => {}).listen({ port: process.env.PORT, host: "::1" });',
    {
      "server.js": `${EXPRESS}const { host } = require("./config");\napp.listen(port, host);`,
      "config.js": 'exports.host = "localhost";',
    },
    `${EXPRESS}app.listen(port, process.env.HOST || "127.0.0.1");`,
    'import Hapi from "@hapi/hapi";\nconst server = Hapi.server({ port: process.env.PORT, host: "localhost" });\nawait server.start();',
    {
      "src/main.ts":
        'import { NestFactory } from "@nestjs/core";\nimport { FastifyAdapter, NestFastifyApplication } from "@nestjs/platform-fastify";\nconst app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter());\nawait app.listen(process.env.PORT);',
    },
    'import { serve } from "@hono/node-server";\nserve({ fetch, port: Number(process.env.PORT), hostname: "localhost" });',
    {
      "server.js": 'const make = require("./make");\nmake().listen(process.env.PORT, "127.0.0.1");\n',
      "make.js":
        'const server = require("http").createServer();\nmodule.exports = () => ({ listen: (port, ...rest) => server.listen(port, ...rest) });\n',
    },
    {
      "server.ts":
        'import http from "node:http";\nimport type { Options } from "./types";\nexport const start = (options: Options) => http.createServer().listen(process.env.PORT, options.host);\n',
      "options.ts":
        'export const shared = {\n  host: { alias: "h", description: "Host to listen to", default: "127.0.0.1", string: true },\n};\n',
      "types.ts": "export interface Options { host: string }\n",
    },
    'const options = {\n  port: { abbr: "p", info: "Port", wikiDefault: process.env.PORT || 5984 },\n  host: { abbr: "o", info: "Address to bind", wikiDefault: "127.0.0.1" },\n};\nfunction given(name) {\n  const option = options[name];\n  return config.get(option.section, option.key);\n}\nrequire("express")().listen(process.env.PORT, given("host"));\n',
    {
      "packages/node_modules/wiki/lib/index.js":
        'require("http").createServer().listen(process.env.PORT, "127.0.0.1");\n',
    },
    'const Hapi = require("hapi");\nconst server = new Hapi.Server();\nserver.connection({ port: process.env.PORT, address: "127.0.0.1", host: "example.com" });\nserver.start();\n',
    'const defaults = { host: "localhost" };\nconst options = Object.assign({}, defaults, parse(process.argv));\nconst app = require("express")();\nif (options.host === "-all-") app.listen(process.env.PORT);\nelse app.listen(process.env.PORT, options.host);\n',
  ],
);
