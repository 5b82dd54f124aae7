import { usageError } from "../../base/errors.ts";
import { TRANSPORTS } from "../../pipeline/transports.ts";
import { defineCommand } from "../command.ts";
import copyCommand from "./copy.ts";

export default defineCommand({
  usage: "push <image> [reference]",
  summary: "Push an image of the store to a registry, under its own name or another",
  examples: ["knbuild push hello localhost:5000/team/hello:v1", "knbuild push localhost:5000/team/hello:v1"],
  configure: (command) => copyCommand.configure?.(command),
  run([image, reference], options, context) {
    const spec = image as string;
    // A name that the store does not have must not be looked for in somebody's registry.
    const source = TRANSPORTS.some((transport) => spec.startsWith(transport)) ? spec : `store:${spec}`;
    if (reference === undefined && (source !== `store:${spec}` || !namesRegistry(spec))) {
      throw usageError(
        "USAGE",
        `${spec} is no name at a registry`,
        `Say where to: knbuild push ${spec} REGISTRY/PATH:TAG`,
      );
    }
    const destination = `docker://${((reference as string | undefined) ?? spec).replace(/^docker:\/\//, "")}`;
    return copyCommand.run!([source, destination], options, context);
  },
});

/** `localhost:5000/team/hello`, but not `hello` or `team/hello`: those would be somebody's at Docker Hub. */
function namesRegistry(name: string): boolean {
  return /^(?:localhost|[^/]*[.:][^/]*)\//.test(name);
}
