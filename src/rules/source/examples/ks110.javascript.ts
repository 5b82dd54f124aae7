import { examplesOf } from "./examples.ts";

const APP = 'const app = require("express")();\n';

export default examplesOf(
  "server.js",
  [
    `${APP}app.get("/", (req, res) => res.send(process.env.NAME || "World"));`,
    `${APP}app.get("/", (req, res) => {\n  const NAME = process.env.NAME ?? "World";\n  if (!NAME) return res.status(500).send("no name");\n  res.send(NAME);\n});`,
    `${APP}app.get("/", (req, res) => {\n  if (!process.env.NAME) console.warn("NAME is unset");\n  res.send("hi");\n});`,
    `${APP}app.get("/", (req, res) => {\n  if (!req.query.id) return res.status(500).end();\n  res.end();\n});`,
    'const port = process.env.PORT;\nif (!port) throw new Error("no port");\nrequire("http").createServer(() => {}).listen(port);',
    "if (!process.env.K_SERVICE) process.exit(1);",
    "if (process.env.CLEANUP) process.exit(0);",
    {
      "server.js": 'const key = process.env.API_KEY;\nif (!key) throw new Error("API_KEY is missing");',
      Dockerfile: 'FROM node:24\nENV API_KEY=none\nCMD ["node", "server.js"]',
    },
    'import { cleanEnv, str } from "envalid";\nconst env = cleanEnv(process.env, { API_KEY: str({ default: "x" }) });',
    // What is wrong is told, and the program goes on.
    'import { z } from "zod";\nconst parsed = z.object({ API_KEY: z.string() }).safeParse(process.env);\nif (!parsed.success) console.warn("no key");\nexport const env = parsed.data;',
    'import { z } from "zod";\nconst schema = z.object({ API_KEY: z.string() });\nconst parsed = schema.safeParse(process.env);\nif (parsed.success) console.log("ready");\nif (process.argv.length > 9) process.exit(1);',
    'import { z } from "zod";\nconst schema = z.object({ API_KEY: z.string(), URL: z.string() });\nexport const env = schema.partial().parse(process.env);',
    'const Joi = require("joi");\nconst { value, error } = Joi.object({ SMTP_HOST: Joi.string(), API_KEY: Joi.string().when("SMTP_HOST", { is: Joi.exist(), then: Joi.required() }) }).unknown().validate(process.env);\nif (error) throw error;\nmodule.exports = value;',
    'import { z } from "zod";\nconst body = z.object({ NAME: z.string() });\nexport const read = (input) => body.parse(input);\nread(process.env.NAME ? {} : {});',
    // One of them is enough.
    'const key = process.env.OTHER ? process.env.A_KEY : process.env.B_KEY;\nif (!key) throw new Error("no key");',
    'function read(name, usual) {\n  const value = process.env[name];\n  if (!value && usual === undefined) throw new Error(name);\n  return value ?? usual;\n}\nread("DB_URL", "x");\nread("API_KEY", "y");',
    // Nothing of the program comes there.
    'export function mailer() {\n  if (!process.env.SMTP_URL) throw new Error("no mail server");\n  return connect(process.env.SMTP_URL);\n}\nrequire("http").createServer(() => {}).listen(process.env.PORT);',
  ],
  [
    `${APP}app.get("/", (req, res) => {\n  const { NAME } = process.env;\n  if (!NAME) {\n    console.error("missing");\n    return res.status(500).send("Internal Server Error");\n  }\n  res.send(NAME);\n});`,
    'if (!process.env.API_KEY) throw new Error("API_KEY is missing");',
    'const url = process.env.DATABASE_URL;\nif (url === undefined) {\n  console.error("no database");\n  process.exit(1);\n}',
    `${APP}app.get("/", (req, res) => {\n  if (process.env.TOKEN) return res.end("ok");\n  else return res.sendStatus(503);\n});`,
    'import { cleanEnv, str } from "envalid";\nexport const env = cleanEnv(process.env, { API_KEY: str() });',
    'import { z } from "zod";\nexport const env = z.object({ API_KEY: z.string(), LEVEL: z.string().default("info") }).parse(process.env);',
    'import { z } from "zod";\nconst schema = z.object({ API_KEY: z.string().min(1), LEVEL: z.enum(["a", "b"]).default("a") });\nconst parsed = schema.safeParse(process.env);\nif (!parsed.success) {\n  console.error(parsed.error.format());\n  process.exit(1);\n}\nexport const env = parsed.data;',
    'import { z } from "zod";\nconst schema = z.object({ API_KEY: z.string() });\nconst { success, data, error } = schema.safeParse(process.env);\nif (!success) throw new Error(error.message);\nexport const env = data;',
    {
      "server.js": 'import { schema } from "./schema.js";\nexport const env = schema.parse(process.env);',
      "schema.js": 'import { z } from "zod";\nexport const schema = z.object({ API_KEY: z.string() });',
    },
    'import { z } from "zod";\nexport const config = z.object({ url: z.string() }).parse({ url: process.env.DATABASE_URL });',
    'const Joi = require("joi");\nconst schema = Joi.object().keys({ PORT: Joi.number().default(3000), MONGODB_URL: Joi.string().required().description("url") }).unknown();\nconst { value: vars, error } = schema.prefs({ errors: { label: "key" } }).validate(process.env);\nif (error) {\n  throw new Error(`Config: ${error.message}`);\n}\nmodule.exports = { port: vars.PORT };',
    'import { createEnv } from "@t3-oss/env-core";\nimport { z } from "zod";\nexport const env = createEnv({ server: { API_KEY: z.string() }, runtimeEnv: process.env });',
    'import { ConfigModule } from "@nestjs/config";\nimport * as Joi from "joi";\nexport const config = ConfigModule.forRoot({ validationSchema: Joi.object({ DATABASE_URL: Joi.string().required() }) });',
    'const { A_KEY, B_KEY } = process.env;\nif (!A_KEY || !B_KEY) {\n  throw new Error("keys are missing");\n}',
    {
      "server.js":
        'const { key } = require("./config");\nif (!key) throw new Error("no key");\nrequire("http").createServer(() => {}).listen(process.env.PORT);',
      "config.js": "exports.key = process.env.SECRET_KEY;",
    },
    `${APP}function client() {\n  if (!process.env.API_KEY) throw new Error("no key");\n  return process.env.API_KEY;\n}\napp.get("/", (req, res) => res.send(client()));`,
    'function requireEnv(name) {\n  const value = process.env[name];\n  if (!value) throw new Error(`${name} is missing`);\n  return value;\n}\nexport const a = requireEnv("DB_URL");\nexport const b = requireEnv("API_KEY");\nrequire("http").createServer(() => {}).listen(process.env.PORT);',
    'import { env } from "node:process";\nfunction start() {\n  if (!env.BUCKET) throw new Error("BUCKET?");\n}\nstart();',
  ],
);
