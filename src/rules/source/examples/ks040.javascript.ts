import { examplesOf } from "./examples.ts";

const APP = 'const express = require("express");\nconst app = express();\napp.listen(process.env.PORT);\n';

export default examplesOf(
  "server.js",
  [
    'const Database = require("better-sqlite3");\nconst db = new Database(":memory:");',
    'const Database = require("better-sqlite3");\nconst db = new Database("cities.db", { readonly: true });',
    `${APP}const fs = require("fs");\nconst page = fs.readFileSync("index.html");\napp.get("/", (req, res) => res.send(page));`,
    `${APP}const multer = require("multer");\nconst upload = multer({ storage: multer.memoryStorage() });\napp.post("/upload", upload.single("file"), (req, res) => res.sendStatus(204));`,
    `${APP}const fs = require("fs");\nconst os = require("os");\nconst path = require("path");\napp.post("/convert", (req, res) => {\n  const file = path.join(os.tmpdir(), "in.png");\n  fs.writeFileSync(file, req.body);\n  res.send(convert(file));\n});`,
    'const { Sequelize } = require("sequelize");\nconst db = new Sequelize(process.env.DATABASE_URL, { dialect: "postgres" });',
    'import { DataSource } from "typeorm";\nexport const source = new DataSource({ type: "postgres", url: process.env.DATABASE_URL });',
    `${APP}const session = require("express-session");\nconst RedisStore = require("connect-redis").default;\napp.use(session({ store: new RedisStore({ client }), secret: process.env.SECRET }));`,
    `${APP}const { writeFileSync } = require("fs");\nwriteFileSync("build-info.json", JSON.stringify({ started: Date.now() }));`,
    `${APP}const fs = require("fs");\napp.post("/save", (req, res) => {\n  fs.writeFile(process.env.DATA_FILE, req.body, () => res.sendStatus(204));\n});`,
    `${APP}const knex = require("knex")({ client: "pg", connection: process.env.DATABASE_URL });`,
  ],
  [
    'const Database = require("better-sqlite3");\nconst db = new Database("app.db");',
    'const sqlite3 = require("sqlite3").verbose();\nconst db = new sqlite3.Database("./todos.sqlite");',
    'import { DatabaseSync } from "node:sqlite";\nimport { join } from "node:path";\nconst db = new DatabaseSync(join(import.meta.dirname, "data.db"));',
    `${APP}const multer = require("multer");\nconst upload = multer({ dest: "uploads/" });\napp.post("/upload", upload.single("file"), (req, res) => res.sendStatus(204));`,
    `${APP}const multer = require("multer");\nconst storage = multer.diskStorage({ destination: "./public/images", filename: (req, file, done) => done(null, file.originalname) });\napp.post("/", multer({ storage }).array("photos"), (req, res) => res.sendStatus(204));`,
    `${APP}const fs = require("fs");\napp.post("/notes", (req, res) => {\n  fs.appendFileSync("notes.txt", req.body.text);\n  res.sendStatus(201);\n});`,
    `${APP}const fs = require("fs/promises");\nconst path = require("path");\nasync function save(data) {\n  await fs.writeFile(path.join(__dirname, "db.json"), JSON.stringify(data));\n}\napp.put("/db", async (req, res) => {\n  await save(req.body);\n  res.sendStatus(204);\n});`,
    `${APP}const session = require("express-session");\nconst FileStore = require("session-file-store")(session);\napp.use(session({ store: new FileStore({}), secret: "s" }));`,
    'const { Sequelize } = require("sequelize");\nconst db = new Sequelize({ dialect: "sqlite", storage: "database.sqlite" });',
    'import { TypeOrmModule } from "@nestjs/typeorm";\nimport { Module } from "@nestjs/common";\n@Module({ imports: [TypeOrmModule.forRoot({ type: "sqlite", database: "db.sqlite", autoLoadEntities: true })] })\nexport class AppModule {}',
    'import { JSONFilePreset } from "lowdb/node";\nconst db = await JSONFilePreset("db.json", { posts: [] });',
    'const Datastore = require("nedb");\nconst users = new Datastore({ filename: "users.db", autoload: true });',
    'const Database = require("better-sqlite3");\nconst db = new Database(process.env.DB_FILE || "data/app.db");',
  ],
);
