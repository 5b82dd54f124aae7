import { statSync } from "node:fs";
import { resolve } from "node:path";
import { Option } from "commander";
import type { SbomFormat } from "../../attest/sbom/types.ts";
import { usageError } from "../../base/errors.ts";
import { rewriteFile } from "../../base/replace-file.ts";
import type { Platform } from "../../oci/platform.ts";
import { sbomOfDirectory, sbomOfImage } from "../../pipeline/sbom.ts";
import { defineCommand } from "../command.ts";
import { addRegistryOptions, registryClient } from "../registry-options.ts";
import { subjectSources } from "../signing-options.ts";

export default defineCommand({
  usage: "sbom <image-or-directory>",
  summary: "Say what is inside an image: CycloneDX 1.6 or SPDX 2.3",
  examples: ["knbuild sbom .", "knbuild sbom registry.example/app:v1 --format spdx --out app.spdx.json"],
  configure(command) {
    command
      .addOption(
        new Option("--format <format>", "format of the document").choices(["cyclonedx", "spdx"]).default("cyclonedx"),
      )
      .option("--out <file>", "write it to a file instead of stdout")
      .option("--platform <os/arch>", "image of an index to look at", "linux/amd64");
    addRegistryOptions(command);
  },
  async run([what], options, context) {
    const subject = what as string;
    const format = options["format"] as SbomFormat;
    const client = registryClient(options, context);
    try {
      const sources = subjectSources(client, context);
      const directory = statSync(resolve(context.cwd, subject), { throwIfNoEntry: false })?.isDirectory();
      const document = directory
        ? await sbomOfDirectory(
            {
              dir: subject,
              cwd: context.cwd,
              env: context.env,
              registry: () => client,
              emit: context.emit,
              signal: context.signal,
            },
            format,
            sources,
          )
        : await sbomOfImage(subject, format, sources, parsePlatform(options["platform"] as string));
      const out = options["out"] as string | undefined;
      if (out !== undefined) {
        rewriteFile(resolve(context.cwd, out), document.text);
        context.note(`wrote ${out}: ${document.input.packages.length} packages`);
      } else context.print(document.text.trimEnd());
      return 0;
    } finally {
      client.close();
    }
  },
});

function parsePlatform(text: string): Platform {
  const [os, architecture, variant, ...more] = text.split("/");
  if (!os || !architecture || more.length > 0) throw usageError("USAGE", `not a platform: ${text} (write linux/arm64)`);
  return { os, architecture, ...(variant && { variant }) };
}
