import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { errorMessage, usageError } from "../../base/errors.ts";
import { attestImage } from "../../pipeline/attest.ts";
import { defineCommand } from "../command.ts";
import { addRegistryOptions, registryClient } from "../registry-options.ts";
import { addSigningOptions, subjectSources, toSigningOptions } from "../signing-options.ts";

export default defineCommand({
  usage: "attest <image>",
  summary: "Sign a statement about an image and put it beside the image",
  examples: [
    "knbuild attest registry.example/app:v1 --type cyclonedx --predicate app.cdx.json --key cosign.key",
    "knbuild attest registry.example/app:v1 --type https://example.com/tests/v1 --predicate results.json",
  ],
  configure(command) {
    command
      .requiredOption(
        "--type <predicate>",
        "what the statement says: a URI, cyclonedx, spdxjson, slsaprovenance1, vuln, openvex, custom, …",
      )
      .requiredOption("--predicate <file>", "JSON file with the statement's content");
    addSigningOptions(command);
    addRegistryOptions(command);
  },
  async run([image], options, context) {
    const file = options["predicate"] as string;
    let predicate: unknown;
    try {
      predicate = JSON.parse(await readFile(resolve(context.cwd, file), "utf8"));
    } catch (cause) {
      throw usageError("PREDICATE_INVALID", `the predicate cannot be read: ${errorMessage(cause)}`, undefined, file);
    }
    const client = registryClient(options, context);
    try {
      const report = await attestImage(
        image as string,
        { type: options["type"] as string, predicate, signing: toSigningOptions(options, context) },
        subjectSources(client, context),
      );
      if (context.json) context.printJson(report);
      else {
        context.note(`attested ${report.digest}: ${report.predicateType}`);
        context.print(report.artifact);
      }
      return 0;
    } finally {
      client.close();
    }
  },
});
