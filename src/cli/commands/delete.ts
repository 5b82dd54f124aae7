import { KnbuildError, usageError } from "../../base/errors.ts";
import { parseReference } from "../../oci/reference.ts";
import { defineCommand } from "../command.ts";
import { addRegistryOptions, registryClient } from "../registry-options.ts";

export default defineCommand({
  usage: "delete <image>",
  summary: "Delete an image from its registry",
  examples: [
    "knbuild delete localhost:5000/team/hello@sha256:…",
    "knbuild delete localhost:5000/team/hello:v1 --all-tags",
  ],
  configure(command) {
    command.option("--all-tags", "of a tag: delete the image that it names, and with it every tag of that image");
    addRegistryOptions(command);
  },
  async run([image], options, context) {
    const reference = parseReference((image as string).replace(/^docker:\/\//, ""));
    const client = registryClient(options, context);
    try {
      const target = client.repository(reference, { access: "push" });
      let digest = reference.digest;
      if (digest === undefined) {
        if (reference.tag === undefined) {
          throw usageError("USAGE", "what to delete is not named", "Write repository@sha256:… or repository:tag.");
        }
        if (options["allTags"]) {
          digest = (await target.resolve(reference.tag))?.digest;
          if (digest === undefined) {
            throw new KnbuildError({
              code: "IMAGE_UNKNOWN",
              message: `there is no image ${reference.tag} in ${target.name}`,
            });
          }
        }
      }
      const deleted = digest ?? (reference.tag as string);
      await target.delete(deleted);
      if (context.json) context.printJson({ repository: target.name, deleted });
      else context.print(`deleted ${deleted} from ${target.name}`);
      return 0;
    } finally {
      client.close();
    }
  },
});
