import { createServer } from "node:http";
import { PrismaLibSql } from "@prisma/adapter-libsql";
import { PrismaClient } from "./generated/client.ts";

const prisma = new PrismaClient({ adapter: new PrismaLibSql({ url: "file:/tmp/notes.db" }) });
await prisma.$executeRaw`CREATE TABLE IF NOT EXISTS "Note" ("id" INTEGER PRIMARY KEY AUTOINCREMENT, "text" TEXT NOT NULL)`;

const server = createServer(async (_request, response) => {
  const { text } = await prisma.note.create({ data: { text: "Hello from Prisma" } });
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ text, notes: (await prisma.note.count()) > 0 }));
});
server.listen(Number(process.env["PORT"] ?? 8080));
