const compression = require("compression");
const express = require("express");
const helmet = require("helmet");
const morgan = require("morgan");
const { greet } = require("./greet");

const app = express();
app.use(helmet(), compression(), morgan("tiny"));

app.get("/", (req, res) => {
  res.json({ message: greet(req.query.name), service: process.env.K_SERVICE });
});

app.get("/slow", (req, res) => {
  setTimeout(() => res.json({ message: "took a while" }), Math.min(Number(req.query.ms) || 1000, 8000));
});

const port = process.env.PORT || 8080;
app.listen(port, () => console.log(`express-js listens on ${port}`));
