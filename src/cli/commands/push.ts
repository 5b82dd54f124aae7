import { defineCommand } from "../command.ts";
import copyCommand from "./copy.ts";

export default defineCommand({
  usage: "push <image> <reference>",
  summary: "Push an image of the store to a registry",
  examples: ["knbuild push hello localhost:5000/team/hello:v1"],
  configure: (command) => copyCommand.configure?.(command),
  run: ([image, reference], options, context) =>
    copyCommand.run!([image, `docker://${(reference as string).replace(/^docker:\/\//, "")}`], options, context),
});
