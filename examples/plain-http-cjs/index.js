const { createServer } = require("node:http");

const server = createServer((request, response) => {
  const url = new URL(request.url, "http://localhost");
  response.setHeader("content-type", "application/json");
  if (url.pathname === "/slow") {
    const ms = Math.min(Number(url.searchParams.get("ms")) || 1000, 8000);
    setTimeout(() => response.end(JSON.stringify({ message: "took a while" })), ms);
    return;
  }
  response.end(JSON.stringify({ message: "Hello, node:http!", service: process.env.K_SERVICE }));
});

server.listen(process.env.PORT || 8080, () => console.log("plain-http-cjs is up"));
