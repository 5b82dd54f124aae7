import { isDigest } from "../../base/digest.ts";
import { usageError } from "../../base/errors.ts";
import { type CopyReport, copy } from "../../oci/copy.ts";
import type { Platform } from "../../oci/platform.ts";
import { openDestinationPlace, openSourcePlace, TRANSPORTS } from "../../pipeline/transports.ts";
import { openStore } from "../../store/store.ts";
import { defineCommand } from "../command.ts";
import { formatBytes, formatTable } from "../format.ts";
import { addRegistryOptions, registryClient } from "../registry-options.ts";

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
  async run([sourceSpec, destinationSpec], options, context) {
    const platform = parsePlatform(options["platform"] as string | undefined);
    const concurrency = parseJobs(options["jobs"] as string | undefined);
    const client = registryClient(options, context);
    const store = () => openStore();
    try {
      const destination = openDestinationPlace(destinationSpec as string, {
        store,
        registry: (reference) => client.repository(reference, { access: "push" }),
      });
      try {
        const source = await openSourcePlace(sourceSpec as string, {
          store,
          registry: (reference) => client.repository(reference),
        });
        try {
          const report = await copy(source.target, destination.target, {
            reference: source.tag,
            tags: isDigest(destination.tag) ? [] : [destination.tag],
            platform,
            concurrency,
            emit: context.emit,
            signal: context.signal,
          });
          await destination.close();
          if (context.json) {
            context.printJson(jsonOf(report, options["explain"] === true));
            return 0;
          }
          if (options["explain"]) {
            const rows = report.blobs.map((blob) => [
              blob.digest.slice(0, 19),
              formatBytes(blob.size),
              blob.action,
              [blob.from, blob.reason].filter(Boolean).join(": "),
            ]);
            context.print(formatTable(rows));
          }
          if (report.resolvedAt) context.note(`the tag was resolved at the mirror ${report.resolvedAt}`);
          context.print(`${destination.spec} ${report.digest}`);
          const moved = [
            `${formatBytes(report.bytesDownloaded)} downloaded`,
            `${formatBytes(report.bytesUploaded)} uploaded`,
            `${report.requests} requests`,
            ...(report.retries > 0 ? [`${report.retries} retries`] : []),
          ];
          context.note(context.style("dim", moved.join(", ")));
          return 0;
        } finally {
          await source.close();
        }
      } catch (error) {
        await destination.close(error);
        throw error;
      }
    } finally {
      client.close();
    }
  },
});

/** What scripts rely on; reasons are for those who ask for them. */
function jsonOf({ mediaType: _type, ...report }: CopyReport, explain: boolean) {
  const blobs = report.blobs.map(({ reason, ...blob }) => ({ ...blob, ...(explain && reason && { reason }) }));
  return { ...report, blobs };
}

function parsePlatform(text: string | undefined): Platform | undefined {
  if (text === undefined) return undefined;
  const [os, architecture, variant, ...rest] = text.split("/");
  if (!os || !architecture || rest.length > 0) {
    throw usageError("USAGE", `not a platform: ${text}`, "Write it as linux/amd64.");
  }
  return { os, architecture, ...(variant && { variant }) };
}

function parseJobs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const jobs = Number(text);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > 64) {
    throw usageError("USAGE", `--jobs takes a number from 1 to 64, not ${text}`);
  }
  return jobs;
}
