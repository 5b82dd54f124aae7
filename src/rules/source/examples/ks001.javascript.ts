import { examplesOf } from "./examples.ts";

const EXPRESS = 'import express from "express";\nconst app = express();\n';

export default examplesOf(
  "server.js",
  [
    `${EXPRESS}app.listen(process.env.PORT || 8080);`,
    'const port = Number.parseInt(process.env.PORT ?? "3000", 10);\nrequire("http").createServer(() => {}).listen({ port, host: "0.0.0.0" });',
    `${EXPRESS}function normalizePort(value) {\n  const port = parseInt(value, 10);\n  if (isNaN(port)) return value;\n  return port >= 0 ? port : false;\n}\nconst port = normalizePort(process.env.PORT || "3000");\napp.set("port", port);\nrequire("http").createServer(app).listen(port);`,
    `${EXPRESS}app.set("port", process.env.PORT || 3000);\napp.listen(app.get("port"), () => console.log("up"));`,
    {
      "server.js": `${EXPRESS}import { config } from "./config.js";\napp.listen(config.server.port);`,
      "config.js":
        'import { cleanEnv, port } from "envalid";\nconst env = cleanEnv(process.env, { PORT: port({ default: 3000 }) });\nexport const config = { server: { port: env.PORT } };',
    },
    {
      "src/main.ts":
        'import { NestFactory } from "@nestjs/core";\nimport { ConfigService } from "@nestjs/config";\nimport { AppModule } from "./app.module";\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule);\n  const config = app.get(ConfigService);\n  await app.listen(config.get("PORT"));\n}\nbootstrap();',
    },
    {
      "src/index.ts": 'import { env } from "@/env";\nimport { App } from "./app";\nnew App(env.port).start();',
      "src/app.ts":
        'import express from "express";\nexport class App {\n  private readonly app = express();\n  constructor(private readonly port: number) {}\n  start() {\n    this.app.listen(this.port);\n  }\n}',
      "src/env.ts": 'const { PORT = "8080" } = process.env;\nexport const env = { port: Number(PORT) };',
      "tsconfig.json": '{ "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["src/*"] } } } // aliases',
    },
    'const convict = require("convict");\nconst config = convict({ port: { format: "port", default: 8080, env: "PORT" } });\nrequire("http").createServer(() => {}).listen(config.get("port"));',
    'const port = [process.env.PORT, process.env.APP_PORT, 3000].find((p) => p !== undefined);\nrequire("http").createServer(() => {}).listen(port);',
    {
      "server.js":
        'const config = require("config");\nconst app = require("express")();\napp.listen(config.get("server.port"));',
      "config/default.json": '{ "server": { "port": 3000 } }',
      "config/custom-environment-variables.json": '{ "server": { "port": "PORT" } }',
    },
    {
      "server.js":
        'const configuration = require("@feathersjs/configuration");\nconst { koa } = require("@feathersjs/koa");\nconst { feathers } = require("@feathersjs/feathers");\nconst app = koa(feathers());\napp.configure(configuration());\napp.listen(app.get("port"));',
      "config/default.json": '{ "host": "localhost", "port": 3030 }',
      "config/custom-environment-variables.json": '{ "port": { "__name": "PORT", "__format": "number" } }',
    },
    'Bun.serve({ fetch: () => new Response("hi") });',
    {
      "server.ts":
        'import { serve } from "@hono/node-server";\nimport { Hono } from "hono";\nimport { z } from "zod";\nconst env = z.object({ PORT: z.coerce.number().default(8080) }).parse(process.env);\nserve({ fetch: new Hono().fetch, port: env.PORT });',
    },
    'const app = require("fastify")();\nif (process.env.PORT) app.listen({ port: process.env.PORT, host: "0.0.0.0" });\nelse app.listen({ port: 3000 });',
    'import http from "node:http";\nconst create = () => ({\n  listen: (port, ...rest) => server.listen(port, ...rest, () => {}),\n});\nconst server = http.createServer();\ncreate().listen(process.env.PORT ?? 8080, "0.0.0.0");\n',
    {
      "server.js": 'const { load } = require("./config");\nrequire("express")().listen(load().port);\n',
      "config.js":
        "exports.load = () => {\n  const config = {};\n  config.port = process.env.PORT || 3000;\n  return config;\n};\n",
    },
    {
      "package.json": '{"name": "tool", "main": "index.js", "bin": {"tool": "cli.js"}}',
      "cli.js": 'require("./index.js").start({ port: process.env.PORT });\n',
      "index.js":
        'exports.start = (options) => require("http").createServer().listen(options.port !== undefined ? options.port : 8080);\n',
    },
    'const table = [\n  { name: "stubs", flag: "s", param: "port", default: process.env.PORT, description: "Port" },\n];\nfunction fill(options) {\n  options = options == null ? {} : options;\n  const defaults = read([]);\n  for (const key in defaults) options[key] = defaults[key];\n  return options;\n}\nexports.start = (given) => {\n  const options = fill(given);\n  require("http").createServer().listen(options.stubs);\n};\n',
    {
      "bin/app.js":
        'const settings = require(process.argv[2] || load("settings"));\nrequire("http").createServer().listen(settings.uiPort);\n',
      "settings.js": "module.exports = { uiPort: process.env.PORT || 1880 };\n",
    },
  ],
  [
    `${EXPRESS}app.listen(3000);`,
    `${EXPRESS}const PORT = 3000;\napp.listen(PORT, () => console.log(PORT));`,
    'const http = require("node:http");\nconst server = http.createServer((req, res) => res.end());\nserver.listen({ port: 5000, host: "0.0.0.0" });',
    `${EXPRESS}app.listen(process.env.APP_PORT || 4000);`,
    {
      "index.js": 'const config = require("./config");\nconst app = require("./app");\napp.listen(config.port);',
      "app.js": 'const express = require("express");\nmodule.exports = express();',
      "config.js": "module.exports = { port: 3001 };",
    },
    'import Fastify from "fastify";\nconst fastify = Fastify({ logger: true });\nconst start = async () => {\n  await fastify.listen({ port: 3000, host: "0.0.0.0" });\n};\nstart();',
    {
      "src/main.ts":
        'import { NestFactory } from "@nestjs/core";\nimport { AppModule } from "./app.module";\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule);\n  await app.listen(3000);\n}\nbootstrap();',
    },
    'import { serve } from "@hono/node-server";\nimport { Hono } from "hono";\nserve(new Hono());',
    'const { Server } = require("@hapi/hapi");\nconst server = new Server({ port: 4000, host: "0.0.0.0" });\nserver.start();',
    'import { ApolloServer } from "@apollo/server";\nimport { startStandaloneServer } from "@apollo/server/standalone";\nconst server = new ApolloServer({ typeDefs: "" });\nawait startStandaloneServer(server, { listen: { port: 4000 } });',
    {
      "server.js": 'const config = require("config");\nconst app = require("koa")();\napp.listen(config.get("port"));',
      "config/default.json": '{ "port": 3000 }',
    },
    { "package.json": '{ "name": "site", "scripts": { "start": "next start -p 3000" } }' },
    'import http from "node:http";\nconst PORT = Number(process.argv[2]) || 4000;\nhttp.createServer().listen(PORT);\n',
    {
      "server.js": 'const { load } = require("./config");\nrequire("express")().listen(load().port);\n',
      "config.js": "exports.load = () => {\n  const config = {};\n  config.port = 3000;\n  return config;\n};\n",
    },
    'const table = [\n  { name: "stubs", flag: "s", param: "port", default: 8882, description: "Port" },\n];\nfunction fill(options) {\n  options = options == null ? {} : options;\n  const defaults = read([]);\n  for (const key in defaults) options[key] = defaults[key];\n  return options;\n}\nexports.start = (given) => {\n  const options = fill(given);\n  require("http").createServer().listen(options.stubs);\n};\n',
    {
      "bin/app.js":
        'const settings = require(process.argv[2] || load("settings"));\nrequire("http").createServer().listen(settings.uiPort);\n',
      "settings.js": "module.exports = { uiPort: process.env.UI_PORT || 1880 };\n",
    },
  ],
);
