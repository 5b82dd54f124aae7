import { examplesOf } from "./examples.ts";

const APP =
  'const express = require("express");\nconst app = express();\napp.use(express.json());\napp.listen(process.env.PORT);\n';

export default examplesOf(
  "server.js",
  [
    `${APP}const session = require("express-session");\nconst { RedisStore } = require("connect-redis");\napp.use(session({ store: new RedisStore({ client: redis }), secret: process.env.SECRET }));`,
    `${APP}const cookieSession = require("cookie-session");\napp.use(cookieSession({ name: "session", keys: [process.env.KEY] }));`,
    'import Koa from "koa";\nimport session from "koa-session";\nconst app = new Koa();\napp.keys = [process.env.KEY];\napp.use(session(app));\napp.listen(process.env.PORT);',
    'import Fastify from "fastify";\nimport secureSession from "@fastify/secure-session";\nconst app = Fastify();\napp.register(secureSession, { key });\nawait app.listen({ port: process.env.PORT, host: "0.0.0.0" });',
    `${APP}const roles = ["admin", "user"];\napp.get("/roles", (req, res) => res.json(roles));`,
    `${APP}app.get("/sum", (req, res) => {\n  const parts = [];\n  for (const n of req.query.n) parts.push(Number(n));\n  res.json(parts);\n});`,
    `${APP}const session = require("express-session");\nconst MongoStore = require("connect-mongo");\nconst options = { secret: "s", store: MongoStore.create({ mongoUrl: process.env.MONGO }) };\napp.use(session(options));`,
    `${APP}const routes = [];\nroutes.push("/a", "/b");\napp.get("/", (req, res) => res.json(routes));`,
    `${APP}const NodeCache = require("node-cache");\nconst rates = new NodeCache({ stdTTL: 60 });\napp.get("/rate", async (req, res) => res.json(rates.get("eur") ?? (await load())));`,
    `${APP}const hosts = {\n  create: (data) => save(data),\n  update: (data) => save(data),\n};\napp.put("/hosts", async (req, res) => res.json(await hosts.update(req.body)));`,
    `${APP}app.post("/items", async (req, res) => {\n  await firestore.collection("items").add(req.body);\n  res.sendStatus(201);\n});`,
  ],
  [
    `${APP}const session = require("express-session");\napp.use(session({ secret: process.env.SECRET, resave: false, saveUninitialized: true }));`,
    `${APP}const session = require("express-session");\napp.use(session({ secret: "keyboard cat", store: new session.MemoryStore() }));`,
    `${APP}const session = require("express-session");\nconst MemoryStore = require("memorystore")(session);\napp.use(session({ secret: "s", store: new MemoryStore({ checkPeriod: 86400000 }) }));`,
    'import express from "express";\nimport session from "express-session";\nconst app = express();\nconst options = { secret: process.env.SECRET, cookie: { secure: true } };\napp.use(session(options));\napp.listen(process.env.PORT);',
    'import Fastify from "fastify";\nimport fastifySession from "@fastify/session";\nconst app = Fastify();\napp.register(fastifySession, { secret: process.env.SECRET });\nawait app.listen({ port: process.env.PORT, host: "0.0.0.0" });',
    `${APP}const todos = [];\napp.get("/todos", (req, res) => res.json(todos));\napp.post("/todos", (req, res) => {\n  todos.push(req.body);\n  res.sendStatus(201);\n});`,
    `${APP}const users = new Map();\napp.put("/users/:id", (req, res) => {\n  users.set(req.params.id, req.body);\n  res.sendStatus(204);\n});\napp.get("/users/:id", (req, res) => res.json(users.get(req.params.id)));`,
    `${APP}const carts = {};\napp.post("/cart/:id", (req, res) => {\n  carts[req.params.id] = req.body.items;\n  res.sendStatus(204);\n});`,
    {
      "server.ts":
        'import Koa from "koa";\nimport Router from "@koa/router";\nconst app = new Koa();\nconst router = new Router();\nconst messages: string[] = [];\nrouter.post("/messages", (ctx) => {\n  messages.push(ctx.request.body.text);\n  ctx.status = 201;\n});\napp.use(router.routes()).listen(process.env.PORT);',
    },
    {
      "cats.controller.ts":
        'import { Controller, Get, Post, Body } from "@nestjs/common";\n@Controller("cats")\nexport class CatsController {\n  private readonly cats: Cat[] = [];\n  @Post()\n  create(@Body() cat: Cat) {\n    this.cats.push(cat);\n  }\n  @Get()\n  all() {\n    return this.cats;\n  }\n}',
    },
  ],
);
