import { setTimeout as delay } from "node:timers/promises";
import Router from "@koa/router";

export const router = new Router();

router.get("/", (ctx) => {
  ctx.body = { message: "Hello, Koa!", service: process.env.K_SERVICE };
});

router.get("/slow", async (ctx) => {
  await delay(Math.min(Number(ctx.query.ms ?? 1000), 8000));
  ctx.body = { message: "took a while" };
});

// Only loaded when it is asked for: a dynamic import that stays one in the bundle.
router.get("/version", async (ctx) => {
  const { version } = await import("./version.js");
  ctx.body = { version };
});
