import { examplesOf } from "./examples.ts";

const SERVER = 'const app = require("express")();\nconst server = app.listen(process.env.PORT || 8080);\n';

export default examplesOf(
  "server.js",
  [
    `${SERVER}server.keepAliveTimeout = 95_000;\nserver.headersTimeout = 96_000;`,
    `${SERVER}server.keepAliveTimeout = 620 * 1000;`,
    'const http = require("http");\nhttp.createServer({ keepAliveTimeout: 100000 }, (req, res) => res.end()).listen(process.env.PORT);',
    'import Fastify from "fastify";\nawait Fastify({ keepAliveTimeout: 120_000 }).listen({ port: process.env.PORT, host: "0.0.0.0" });',
    'import Fastify from "fastify";\nawait Fastify().listen({ port: process.env.PORT, host: "0.0.0.0" });',
    'const { Agent } = require("undici");\nconst agent = new Agent({ keepAliveTimeout: 4000 });',
    'const http = require("http");\nconst agent = new http.Agent({ keepAlive: true, timeout: 5000 });\nfetch("https://example.com", { agent });',
    `${SERVER}server.keepAliveTimeout = 0;`,
    `const IDLE_MS = 2 * 60 * 1000;\n${SERVER}server.keepAliveTimeout = IDLE_MS;`,
    `${SERVER}server.keepAliveTimeout = Number(process.env.KEEP_ALIVE);`,
  ],
  [
    `${SERVER}server.keepAliveTimeout = 5000;`,
    `${SERVER}server.keepAliveTimeout = 30 * 1000;`,
    `${SERVER}server.keepAliveTimeout = 61_000;\nserver.headersTimeout = 62_000;`,
    'const http = require("http");\nhttp.createServer({ keepAliveTimeout: 5000 }, (req, res) => res.end()).listen(process.env.PORT);',
    'import Fastify from "fastify";\nawait Fastify({ keepAliveTimeout: 10_000 }).listen({ port: process.env.PORT, host: "0.0.0.0" });',
    `const KEEP_ALIVE = 15_000;\n${SERVER}server.keepAliveTimeout = KEEP_ALIVE;`,
    'import { NestFactory } from "@nestjs/core";\nconst app = await NestFactory.create(AppModule);\nconst server = await app.listen(process.env.PORT);\nserver.keepAliveTimeout = 65 * 1000;',
    'import { createServer } from "node:http";\nconst options = { keepAliveTimeout: 2500, requestTimeout: 10_000 };\ncreateServer(options, handler).listen(process.env.PORT);',
    `${SERVER}server.keepAliveTimeout = 5_000 + 1_000;`,
  ],
);
