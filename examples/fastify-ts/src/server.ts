import { setTimeout as delay } from "node:timers/promises";
import sensible from "@fastify/sensible";
import Fastify from "fastify";
import { add, type Sum } from "./sum.js";

const app = Fastify({ logger: true });
await app.register(sensible);

app.get("/", async () => ({ message: "Hello, Fastify!", service: process.env.K_SERVICE }));

app.get<{ Querystring: { a?: string; b?: string } }>("/add", async (request): Promise<Sum> => {
  const { a, b } = request.query;
  if (a === undefined || b === undefined) throw app.httpErrors.badRequest("a and b are missing");
  return add(Number(a), Number(b));
});

app.get<{ Querystring: { ms?: string } }>("/slow", async (request) => {
  await delay(Math.min(Number(request.query.ms ?? 1000), 8000));
  return { message: "took a while" };
});

process.once("SIGTERM", async () => {
  app.log.info("closing");
  await app.close();
  process.exit(0);
});

await app.listen({ port: Number(process.env.PORT ?? 8080), host: "0.0.0.0" });
