const http = require("node:http");
const bcrypt = require("bcrypt");

const server = http.createServer(async (request, response) => {
  const password = new URL(request.url, "http://localhost").searchParams.get("password") ?? "correct horse";
  const hash = await bcrypt.hash(password, 4);
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify({ matches: await bcrypt.compare(password, hash), prefix: hash.slice(0, 7) }));
});

server.listen(Number(process.env.PORT ?? 8080), "0.0.0.0");
