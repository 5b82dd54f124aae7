import { examplesOf } from "./examples.ts";

const SERVER = 'const app = require("express")();\nconst server = app.listen(process.env.PORT || 8080);\n';

export default examplesOf(
  "server.js",
  [
    `${SERVER}process.on("SIGTERM", () => server.close(() => process.exit(0)));`,
    `${SERVER}process.on("SIGTERM", () => {\n  server.close(() => process.exit(0));\n  setTimeout(() => process.exit(1), 8000).unref();\n});`,
    `${SERVER}server.keepAliveTimeout = 95_000;\nprocess.on("SIGTERM", () => {\n  server.close();\n  server.closeIdleConnections();\n});`,
    'import Fastify from "fastify";\nimport closeWithGrace from "close-with-grace";\nconst app = Fastify();\ncloseWithGrace({ delay: 5000 }, async () => app.close());\nawait app.listen({ port: Number(process.env.PORT), host: "0.0.0.0" });',
    `${SERVER}require("http-graceful-shutdown")(server, { timeout: 8000 });`,
    `${SERVER}const { createTerminus } = require("@godaddy/terminus");\ncreateTerminus(server, { timeout: 5000, onSignal: async () => db.end() });`,
    `${SERVER}async function stop(signal) {\n  console.log("got", signal);\n  await new Promise((resolve) => server.close(resolve));\n  await pool.end();\n  process.exit(0);\n}\nprocess.on("SIGTERM", stop);`,
    `${SERVER}const { WebSocketServer } = require("ws");\nconst wss = new WebSocketServer({ server });\nprocess.on("SIGTERM", () => {\n  for (const client of wss.clients) client.terminate();\n  server.close();\n});`,
    `${SERVER}setTimeout(() => console.log("half a minute old"), 30_000);\nprocess.on("SIGTERM", () => server.close());`,
    `${SERVER}process.on("SIGHUP", () => console.log("reloading"));\nprocess.on("SIGTERM", () => process.exit(0));`,
  ],
  [
    `${SERVER}process.on("SIGTERM", () => {\n  server.close(() => process.exit(0));\n  setTimeout(() => process.exit(1), 30_000);\n});`,
    `${SERVER}process.on("SIGTERM", () => {\n  console.log("SIGTERM received");\n});`,
    `const SHUTDOWN_TIMEOUT = 60 * 1000;\n${SERVER}function forceExit() {\n  process.exit(1);\n}\nprocess.once("SIGTERM", () => {\n  server.close();\n  setTimeout(forceExit, SHUTDOWN_TIMEOUT);\n});`,
    `${SERVER}require("http-graceful-shutdown")(server, { timeout: 45000 });`,
    'import Fastify from "fastify";\nimport closeWithGrace from "close-with-grace";\nconst app = Fastify();\ncloseWithGrace({ delay: 20_000 }, async () => app.close());\nawait app.listen({ port: Number(process.env.PORT), host: "0.0.0.0" });',
    `${SERVER}server.keepAliveTimeout = 620 * 1000;\nprocess.on("SIGTERM", () => {\n  server.close(() => process.exit(0));\n});`,
    `${SERVER}const { WebSocketServer } = require("ws");\nnew WebSocketServer({ server });\nprocess.on("SIGTERM", () => server.close(() => process.exit(0)));`,
    {
      "server.js": `${SERVER}process.on("SIGTERM", () => server.close(() => process.exit(0)));`,
      Dockerfile: 'FROM node:16-slim\nCOPY . .\nCMD ["node", "server.js"]\n',
    },
    `${SERVER}const { createTerminus } = require("@godaddy/terminus");\ncreateTerminus(server, { timeout: 30_000, signal: "SIGTERM" });`,
    `const sleep = (ms) => new Promise((r) => setTimeout(r, ms));\n${SERVER}process.on("SIGTERM", async () => {\n  await sleep(15000);\n  server.close(() => process.exit(0));\n});`,
    `${SERVER}const stoppable = require("stoppable");\nstoppable(server, 25_000);\nprocess.on("SIGTERM", () => server.stop());`,
  ],
);
