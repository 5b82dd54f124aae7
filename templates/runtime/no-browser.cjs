/*
 * An app that opens its page in a browser when it starts: an image has none.
 *
 * Packages such as `open` start `xdg-open`, a script for a shell that lies beside them, and leave it at that: on a machine
 * without a browser the script ends, and the app goes on. In an image without a shell it cannot even be started, and the error
 * that nobody listens for would end the app. This file is loaded before it: what was to be opened is told, and that is all.
 */
"use strict";

const { ChildProcess } = require("node:child_process");

const { spawn } = ChildProcess.prototype;
ChildProcess.prototype.spawn = function (options) {
  if (/(?:^|\/)xdg-open$/.test(options?.file)) {
    this.once("error", () => process.stderr.write(`knbuild: no browser is here: ${options.args?.slice(1).join(" ")}\n`));
  }
  return spawn.apply(this, arguments);
};
