import { examplesOf } from "./examples.ts";

export default examplesOf(
  "server.js",
  [
    'require("http").createServer(() => {}).listen(process.env.PORT);',
    'const https = require("https");\nhttps.request("https://example.com").end();\nhttps.get("https://example.com");',
    'import https from "node:https";\nexport const agent = new https.Agent({ keepAlive: true });',
    'import tls from "tls";\nconst socket = tls.connect(443, "example.com");',
    'import http2 from "http2";\nhttp2.createServer(() => {}).listen(process.env.PORT);',
    "const https = { createServer() {} };\nhttps.createServer();",
    'import Fastify from "fastify";\nconst app = Fastify({ logger: true, https: null });\napp.listen({ port: process.env.PORT, host: "0.0.0.0" });',
    'import { createServer } from "node:http";\ncreateServer().listen(process.env.PORT);',
    'import { NestFactory } from "@nestjs/core";\nconst app = await NestFactory.create(AppModule, { cors: true });\nawait app.listen(process.env.PORT);',
    '// https.createServer(options, app).listen(443)\nrequire("express")().listen(process.env.PORT);',
  ],
  [
    'const https = require("https");\nhttps.createServer({ key, cert }, app).listen(443);',
    'import { createServer } from "node:https";\ncreateServer(options, app).listen(process.env.PORT);',
    'import * as http2 from "http2";\nhttp2.createSecureServer({ key, cert }).listen(8443);',
    'import tls from "node:tls";\ntls.createServer({ key, cert }, (socket) => socket.end()).listen(process.env.PORT);',
    'require("spdy").createServer(options, app).listen(process.env.PORT);',
    'import fs from "fs";\nimport Fastify from "fastify";\nconst app = Fastify({ https: { key: fs.readFileSync("a.key"), cert: fs.readFileSync("a.crt") } });\napp.listen({ port: process.env.PORT, host: "0.0.0.0" });',
    'const lib = process.env.TLS ? require("https") : require("http");\nlib.createServer(options, app).listen(process.env.PORT);',
    '"use strict";\nvar _https = _interopRequireDefault(require("https"));\nfunction _interopRequireDefault(obj) { return obj && obj.__esModule ? obj : { default: obj }; }\n_https.default.createServer(options, app).listen(process.env.PORT);',
    'async function main() {\n  const { createServer } = await import("https");\n  createServer(options).listen(process.env.PORT);\n}\nmain();',
    'import { NestFactory } from "@nestjs/core";\nconst httpsOptions = { key, cert };\nconst app = await NestFactory.create(AppModule, { httpsOptions });\nawait app.listen(process.env.PORT);',
    'import grpc from "@grpc/grpc-js";\nconst credentials = grpc.ServerCredentials.createSsl(null, pairs);',
    'const https = require("https");\nfunction start(app) {\n  if (config.ssl.enabled) return https.createServer(config.ssl, app);\n  return app;\n}\nstart();',
  ],
);
