import { TRANSPORTS } from "../../pipeline/transports.ts";
import { defineCommand } from "../command.ts";
import copyCommand from "./copy.ts";

export default defineCommand({
  usage: "push <image> <reference>",
  summary: "Push an image of the store to a registry",
  examples: ["knbuild push hello localhost:5000/team/hello:v1"],
  configure: (command) => copyCommand.configure?.(command),
  run([image, reference], options, context) {
    const spec = image as string;
    // A name that the store does not have must not be looked for in somebody's registry.
    const source = TRANSPORTS.some((transport) => spec.startsWith(transport)) ? spec : `store:${spec}`;
    const destination = `docker://${(reference as string).replace(/^docker:\/\//, "")}`;
    return copyCommand.run!([source, destination], options, context);
  },
});
