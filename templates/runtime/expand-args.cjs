"use strict";
// A preload: fills $NAME, ${NAME} and ${NAME:-default} in the program's arguments from the environment. A start script may
// say `serve -l $PORT`; without a shell in the image nobody else would fill it in.
process.argv = process.argv.map((arg, i) =>
  i < 2
    ? arg
    : arg.replace(
        /\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))/g,
        (_all, braced, fallback, plain) =>
          process.env[braced ?? plain] || (fallback ?? (/^PORT$/.test(braced ?? plain) ? "8080" : "")),
      ),
);
