const path = require("node:path");
const express = require("express");
const { translate } = require("./i18n/translate");
const { quotes } = require("./quotes");

const app = express();
app.set("view engine", "ejs");
app.set("views", path.join(__dirname, "..", "views"));
app.use(express.static(path.join(__dirname, "..", "public")));

app.get("/", (request, response) => {
  const language = request.query.lang ?? "en";
  response.render("index", { title: translate(language, "title"), quotes: quotes() });
});
app.get("/version", (_request, response) => response.json({ version: require("../package.json").version }));
app.get("/slow", (request, response) => {
  setTimeout(() => response.json({ message: "took a while" }), Math.min(Number(request.query.ms) || 1000, 8000));
});

app.listen(Number(process.env.PORT ?? 8080));
