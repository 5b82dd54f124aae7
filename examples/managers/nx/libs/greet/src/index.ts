import ms = require("ms");

export const greet = (name: string) => ({ name, milliseconds: ms("2 days") });
