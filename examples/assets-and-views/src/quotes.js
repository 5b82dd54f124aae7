const { readFileSync } = require("node:fs");

// From the working folder, as many apps do.
exports.quotes = () => readFileSync("data/quotes.txt", "utf8").trim().split("\n");
