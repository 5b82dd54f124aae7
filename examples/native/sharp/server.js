const { createServer } = require("node:http");
const sharp = require("sharp");

async function answer() {
  const create = { width: 4, height: 3, channels: 3, background: "red" };
  const png = await sharp({ create }).png().toBuffer();
  const { width, height, format } = await sharp(png).rotate(90).metadata();
  return { width, height, format };
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
