import { Option } from "commander";
import { predicateType } from "../../pipeline/attest.ts";
import { verifySignature } from "../../pipeline/sign.ts";
import { collect } from "../build-options.ts";
import { defineCommand } from "../command.ts";
import { addRegistryOptions, registryClient } from "../registry-options.ts";
import { subjectSources } from "../signing-options.ts";

export default defineCommand({
  usage: "verify-signature <image>",
  summary: "Check who signed an image, or one of its attestations",
  examples: [
    "knbuild verify-signature registry.example/app:v1 --key cosign.pub",
    "knbuild verify-signature registry.example/app:v1 --identity ci@example.com --issuer https://accounts.example.com",
    "knbuild verify-signature registry.example/app:v1 --type slsaprovenance1 --key cosign.pub --json",
  ],
  configure(command) {
    command
      .option(
        "--key <file>",
        "public key that may have signed: a file, env://NAME or command:PROGRAM (repeatable)",
        collect,
        [],
      )
      .option("--identity <subject>", "identity that may have signed; /…/ is a pattern (repeatable)", collect, [])
      .option(
        "--issuer <url>",
        "login service that vouches for the identities; /…/ is a pattern (repeatable)",
        collect,
        [],
      )
      .option("--trusted-root <file>", "trusted_root.json of a private Sigstore (or KNBUILD_TRUSTED_ROOT)")
      .addOption(new Option("--log <how>", "must it be in a transparency log?").choices(["require", "ignore"]))
      .option(
        "--type <predicate>",
        "check an attestation of this type: a URI, cyclonedx, spdxjson, slsaprovenance1, …",
      );
    addRegistryOptions(command);
  },
  async run([image], options, context) {
    const client = registryClient(options, context);
    try {
      const trustedRoot = (options["trustedRoot"] as string | undefined) ?? context.env["KNBUILD_TRUSTED_ROOT"];
      const log = options["log"] as "require" | "ignore" | undefined;
      const result = await verifySignature(
        image as string,
        {
          policy: {
            keys: options["key"] as string[],
            identities: options["identity"] as string[],
            issuers: options["issuer"] as string[],
            ...(trustedRoot && { trustedRoot }),
            ...(log && { log }),
          },
          ...(options["type"] !== undefined && { predicateType: predicateType(options["type"] as string) }),
        },
        subjectSources(client, context),
      );
      if (context.json) {
        context.printJson(result);
        return 0;
      }
      for (const { signer, digest, logged, signedAt } of result.verified) {
        const who = signer.kind === "key" ? `key ${signer.keyHint}` : `${signer.identity} (${signer.issuer})`;
        const notes = [logged ? "logged" : "", signedAt ?? ""].filter(Boolean).join(", ");
        context.print(
          `${context.style("green", "verified")}  ${who}${notes ? `  ${notes}` : ""}  ${context.style("dim", digest)}`,
        );
      }
      if (result.refused.length > 0) context.note(`${result.refused.length} more that the policy does not accept`);
      return 0;
    } finally {
      client.close();
    }
  },
});
