import { examplesOf } from "./examples.ts";

const EXPRESS = 'const app = require("express")();\n';
const LISTEN = "const server = app.listen(process.env.PORT || 8080);\n";

export default examplesOf(
  "server.js",
  [
    `${EXPRESS}${LISTEN}process.on("SIGTERM", () => server.close(() => process.exit(0)));`,
    `${EXPRESS}${LISTEN}for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => server.close());`,
    `${EXPRESS}${LISTEN}["SIGINT", "SIGTERM"].forEach((s) => process.on(s, () => server.close()));`,
    `${EXPRESS}${LISTEN}require("http-graceful-shutdown")(server);`,
    `const closeWithGrace = require("close-with-grace");\n${EXPRESS}${LISTEN}closeWithGrace(async () => server.close());`,
    'import { NestFactory } from "@nestjs/core";\nconst app = await NestFactory.create(AppModule);\napp.enableShutdownHooks();\nawait app.listen(process.env.PORT);',
    {
      "server.js": `${EXPRESS}${LISTEN}require("./shutdown")(server);`,
      "shutdown.js": 'module.exports = (server) => {\n  process.on("SIGTERM", () => server.close());\n};',
    },
    'import { ApolloServer } from "@apollo/server";\nimport { startStandaloneServer } from "@apollo/server/standalone";\nawait startStandaloneServer(new ApolloServer({}), { listen: { port: process.env.PORT } });',
    'export function answer() {\n  return fetch("https://example.com");\n}',
    { "package.json": '{ "name": "site", "scripts": { "start": "next start" } }' },
    'const app = require("express")();\nconst server = app.listen(process.env.PORT || 8080);\nprocess\n  .once("message", stop)\n  .once("SIGTERM", () => server.close())\n  .once("SIGINT", () => server.close());\n',
  ],
  [
    `${EXPRESS}${LISTEN}`,
    `${EXPRESS}${LISTEN}process.on("SIGINT", () => process.exit(0));`,
    `${EXPRESS}${LISTEN}process.on("uncaughtException", () => process.exit(1));`,
    'require("http").createServer(() => {}).listen(process.env.PORT);',
    'import Fastify from "fastify";\nawait Fastify().listen({ port: process.env.PORT, host: "0.0.0.0" });',
    'import { NestFactory } from "@nestjs/core";\nconst app = await NestFactory.create(AppModule);\nawait app.listen(process.env.PORT);',
    `${EXPRESS}${LISTEN}process.on("SIGHUP", reload);\nprocess.on("SIGUSR2", dump);`,
    `${EXPRESS}${LISTEN}// process.on("SIGTERM", close) would be better`,
    'import { serve } from "@hono/node-server";\nserve({ fetch, port: Number(process.env.PORT) });',
    'Bun.serve({ port: process.env.PORT, fetch: () => new Response("hi") });',
    'const graceful = require("graceful");\nconst server = require("http").createServer().listen(process.env.PORT);\ngraceful({ servers: [server] });\n',
  ],
);
