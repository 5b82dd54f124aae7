import ms from "ms";

export const greet = (name) => ({ name, milliseconds: ms("2 days") });
