import { examplesOf } from "./examples.ts";

const APP = 'const express = require("express");\nconst app = express();\napp.listen(process.env.PORT);\n';

export default examplesOf(
  "server.js",
  [
    'import { listen } from "./bus.js";\nlisten({ onMessage: (message) => { setInterval(() => retry(message), 1000); } });',
    ...["onClientConnected", "onSessionStart", "onOpen", "on_player_ready"].map(
      (key) =>
        `${APP}const { attach } = require("game-server");\nattach({ ${key}: (client) => { setInterval(() => client.ping(), 1000); } });`,
    ),
    `${APP}app.get("/slow", async (req, res) => {\n  await new Promise((resolve) => setTimeout(resolve, 500));\n  res.send("done");\n});`,
    `${APP}const { WebSocketServer } = require("ws");\nconst wss = new WebSocketServer({ noServer: true });\nwss.on("connection", (socket) => {\n  const beat = setInterval(() => socket.ping(), 30000);\n  socket.on("close", () => clearInterval(beat));\n});`,
    `${APP}app.post("/jobs", async (req, res) => {\n  await tasks.createTask({ parent, task });\n  res.status(202).json({ queued: true });\n});`,
    `${APP}const { Queue } = require("bullmq");\nconst mails = new Queue("mails", { connection });\napp.post("/mail", async (req, res) => {\n  await mails.add("welcome", req.body);\n  res.sendStatus(202);\n});`,
    `${APP}const waiting = setInterval(() => {\n  if (db.connected) clearInterval(waiting);\n}, 100);`,
    `${APP}app.get("/events", (req, res) => {\n  res.setHeader("content-type", "text/event-stream");\n  const timer = setInterval(() => res.write("data: tick\\n\\n"), 1000);\n  req.on("close", () => clearInterval(timer));\n});`,
    `${APP}app.get("/proxy", async (req, res) => {\n  const controller = new AbortController();\n  const timeout = setTimeout(() => controller.abort(), 5000);\n  const answer = await fetch(upstream, { signal: controller.signal });\n  clearTimeout(timeout);\n  res.send(await answer.text());\n});`,
    `${APP}app.post("/", (req, res) => {\n  if (!req.body) return res.status(400).send("no body");\n  res.status(204).send();\n  console.log("received", req.body.id);\n});`,
    'import { Controller, Get } from "@nestjs/common";\n@Controller()\nexport class CatsController {\n  @Get()\n  async list() {\n    return this.cats.findAll();\n  }\n}',
    `${APP}app.post("/pubsub", async (req, res, next) => {\n  try {\n    await handle(req.body.message);\n    res.sendStatus(204);\n  } catch (error) {\n    next(error);\n  }\n});`,
  ],
  [
    `${APP}setInterval(() => refreshRates(), 60_000);`,
    ...["onServerStart", "onInit", "onApplicationBootstrap", "on_ready"].map(
      (key) =>
        `${APP}const { boot } = require("framework");\nboot({ ${key}: () => { setInterval(() => sync(), 1000); } });`,
    ),
    `${APP}function follow(webSocket) { setInterval(() => webSocket.send("poll"), 1000); }\nfollow(new WebSocket("wss://prices.example.com"));`,
    `${APP}const cron = require("node-cron");\ncron.schedule("0 3 * * *", () => cleanUp());`,
    `import { CronJob } from "cron";\nnew CronJob("*/5 * * * *", () => sync(), null, true);`,
    'import { Cron } from "croner";\nimport { serve } from "@hono/node-server";\nserve({ fetch, port: Number(process.env.PORT) });\nCron("@hourly", () => report());',
    `${APP}const { Worker } = require("bullmq");\nnew Worker("mails", async (job) => send(job.data), { connection });`,
    `${APP}const Bull = require("bull");\nconst resize = new Bull("resize");\nresize.process(4, async (job) => thumbnail(job.data));`,
    `${APP}const Agenda = require("agenda");\nconst agenda = new Agenda({ db: { address: process.env.MONGO } });\nagenda.start();`,
    `${APP}app.post("/import", async (req, res) => {\n  res.status(202).send("accepted");\n  await importRows(req.body);\n});`,
    `${APP}app.post("/order", (req, res) => {\n  sendMail(req.body).catch(console.error);\n  res.json({ ok: true });\n});`,
    `${APP}app.post("/later", (req, res) => {\n  setTimeout(() => charge(req.body), 10000);\n  res.send("we will charge you");\n});`,
    'const express = require("express");\nconst app = express();\nfunction poll() {\n  fetch(process.env.FEED).then(store);\n  setTimeout(poll, 5000);\n}\napp.listen(process.env.PORT, () => poll());',
    'import { Injectable, OnModuleInit } from "@nestjs/common";\n@Injectable()\nexport class Rates implements OnModuleInit {\n  onModuleInit() {\n    setInterval(() => this.load(), 1000 * 60);\n  }\n}',
    'import { Kafka } from "kafkajs";\nconst kafka = new Kafka({ brokers: [process.env.BROKER] });\nconst consumer = kafka.consumer({ groupId: "g" });\nawait consumer.run({ eachMessage: async ({ message }) => handle(message) });',
    'import { PubSub } from "@google-cloud/pubsub";\nconst subscription = new PubSub().subscription("orders");\nsubscription.on("message", (m) => {\n  handle(m);\n  m.ack();\n});',
  ],
);
