import ms from "ms";

// The patch of this repository makes `ms` know one word more.
export const greet = (name) => ({ name, milliseconds: ms("2 days"), patched: ms("patched") });
