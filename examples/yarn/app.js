const fastify = require("fastify")();

fastify.get("/", async () => ({ message: "Hello, Yarn!", service: process.env.K_SERVICE }));
fastify.get("/slow", async (request) => {
  await new Promise((resolve) => setTimeout(resolve, Math.min(Number(request.query.ms ?? 1000), 8000)));
  return { message: "took a while" };
});

fastify.listen({ port: process.env.PORT ?? 8080, host: "0.0.0.0" }).then(() => console.log("yarn is up"));
