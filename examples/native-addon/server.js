const http = require("node:http");
const bcrypt = require("bcrypt");

const server = http.createServer(async (request, response) => {
  const query = new URL(request.url, "http://localhost").searchParams;
  const password = query.get("password") ?? "correct horse";
  const hash = await bcrypt.hash(password, Math.min(Number(query.get("rounds") ?? 4), 15));
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify({ matches: await bcrypt.compare(password, hash), prefix: hash.slice(0, 7) }));
});

server.listen(Number(process.env.PORT ?? 8080), "0.0.0.0");
