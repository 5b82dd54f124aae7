import { createServer } from "node:http";
import { greet } from "@shop/greet";

createServer((_request, response) => {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(greet("turborepo")));
}).listen(process.env.PORT ?? 8080);
