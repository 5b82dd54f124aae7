import { openDestinationPlace, openSourcePlace, TRANSPORTS } from "../../pipeline/transports.ts";
import { openStore } from "../../store/store.ts";
import { defineCommand } from "../command.ts";
import { copyImage } from "../copy-image.ts";
import { addRegistryOptions } from "../registry-options.ts";

export default defineCommand({
  usage: "copy <source> <destination>",
  aliases: ["cp"],
  summary: "Copy an image between registries, layouts, archives and the store",
  examples: [
    "knbuild copy hello docker://localhost:5000/team/hello:v1",
    "knbuild copy docker://docker.io/library/node:24-slim oci:node:24",
    "knbuild copy docker://localhost:5000/team/hello:v1 oci-archive:hello.tar --platform linux/amd64",
    "knbuild copy docker://localhost:5000/team/hello:v1 docker://localhost:5000/other/hello:v1 --explain",
  ],
  configure(command) {
    command
      .option("--platform <os/arch>", "copy only this platform's image of an index")
      .option("--explain", "say for every blob why it moved or not")
      .option("--jobs <n>", "blobs moved at the same time (default 4)")
      .addHelpText("after", `\nPlaces: ${TRANSPORTS.join(" ")}; without one: a registry, or a name in the store.`);
    addRegistryOptions(command);
  },
  run: ([source, destination], options, context) =>
    copyImage([source as string, destination as string], options, context, (client) => {
      const transports = { store: () => openStore() };
      return {
        destination: (spec) =>
          openDestinationPlace(spec, {
            ...transports,
            registry: (reference) => client.repository(reference, { access: "push" }),
          }),
        source: (spec) =>
          openSourcePlace(spec, { ...transports, registry: (reference) => client.repository(reference) }),
      };
    }),
});
