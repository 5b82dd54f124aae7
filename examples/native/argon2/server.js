const { createServer } = require("node:http");
const argon2 = require("argon2");

async function answer() {
  const hash = await argon2.hash("secret", { memoryCost: 1024, timeCost: 2 });
  return { matches: await argon2.verify(hash, "secret"), kind: hash.split("$")[1] };
}

createServer(async (_request, response) => {
  try {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(await answer()));
  } catch (error) {
    response.statusCode = 500;
    response.end(String(error));
  }
}).listen(process.env.PORT ?? 8080);
