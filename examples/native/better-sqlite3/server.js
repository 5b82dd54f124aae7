const { createServer } = require("node:http");
const Database = require("better-sqlite3");

// Files written in the container are lost when it stops: what has to last belongs in a service of its own.
const db = new Database(":memory:");
db.exec("CREATE TABLE greetings (text TEXT); INSERT INTO greetings VALUES ('Hello from SQLite')");
const read = db.prepare("SELECT text, sqlite_version() AS version FROM greetings");

createServer((_request, response) => {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(read.get()));
}).listen(process.env.PORT ?? 8080);
