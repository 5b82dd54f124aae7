const { readFileSync } = require("node:fs");
const { join } = require("node:path");

// Beside this file's own folder, wherever the code of this file ends up.
const locales = join(__dirname, "..", "..", "locales");

exports.translate = (language, key) => {
  const file = /^[a-z]{2}$/.test(language) ? `${language}.json` : "en.json";
  return JSON.parse(readFileSync(join(locales, file), "utf8"))[key];
};
