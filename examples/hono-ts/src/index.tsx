import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { Page } from "@/page";

const app = new Hono();

app.get("/", (c) => c.json({ message: "Hello, Hono!", service: process.env.K_SERVICE }));
app.get("/page", (c) => c.html(<Page title="Hono" />));
app.get("/slow", async (c) => {
  await new Promise((resolve) => setTimeout(resolve, Math.min(Number(c.req.query("ms") ?? 1000), 8000)));
  return c.json({ message: "took a while" });
});

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 8080) }, ({ port }) => {
  console.log(`hono-ts listens on ${port}`);
});
