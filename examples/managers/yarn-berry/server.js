import { createServer } from "node:http";
import ms from "ms";

createServer((_request, response) => {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ manager: "yarn-berry", milliseconds: ms("2 days") }));
}).listen(process.env.PORT ?? 8080);
