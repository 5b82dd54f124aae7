import { Option } from "commander";
import { usageError } from "../../base/errors.ts";
import { signImage } from "../../pipeline/sign.ts";
import { collectPair } from "../build-options.ts";
import { defineCommand } from "../command.ts";
import { addRegistryOptions, registryClient } from "../registry-options.ts";
import { addSigningOptions, subjectSources, toSigningOptions } from "../signing-options.ts";

export default defineCommand({
  usage: "sign <image>",
  summary: "Sign an image with a key, or keyless with this machine's identity",
  examples: [
    "knbuild sign registry.example/app:v1",
    "COSIGN_PASSWORD=… knbuild sign registry.example/app:v1 --key cosign.key",
    "knbuild sign registry.example/app:v1 --key env://SIGNING_KEY --form both",
  ],
  configure(command) {
    addSigningOptions(command);
    addRegistryOptions(command);
    command
      .addOption(
        new Option("--form <form>", "bundle: an OCI referrer, as cosign 3; tag: sha256-….sig, as older tools")
          .choices(["bundle", "tag", "both"])
          .default("bundle"),
      )
      .option("-a, --annotation <name=value>", "say this in the signature (repeatable)", collectPair);
  },
  async run([image], options, context) {
    const client = registryClient(options, context);
    try {
      const form = options["form"];
      if (form !== "bundle" && form !== "tag" && form !== "both")
        throw usageError("USAGE", "--form is bundle, tag or both");
      const annotations = options["annotation"] as Record<string, string> | undefined;
      const report = await signImage(
        image as string,
        { signing: toSigningOptions(options, context), form, ...(annotations && { annotations }) },
        subjectSources(client, context),
      );
      if (context.json) context.printJson(report);
      else {
        context.note(`signed ${report.digest} (${report.kind})`);
        for (const digest of [report.artifact, report.signatureImage]) if (digest) context.print(digest);
      }
      return 0;
    } finally {
      client.close();
    }
  },
});
