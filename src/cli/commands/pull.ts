import { defineCommand } from "../command.ts";
import copyCommand from "./copy.ts";

export default defineCommand({
  usage: "pull <reference>",
  summary: "Pull an image from a registry into the store, under its own name",
  examples: [
    "knbuild pull localhost:5000/team/hello:v1",
    "knbuild pull docker.io/library/node:24-slim --platform linux/amd64",
  ],
  configure: (command) => copyCommand.configure?.(command),
  run([text], options, context) {
    const reference = (text as string).replace(/^docker:\/\//, "");
    return copyCommand.run!([`docker://${reference}`, `store:${reference}`], options, context);
  },
});
