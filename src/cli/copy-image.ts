/** `knbuild copy`: what it does once its words are read, whichever places they name. */

import { isDigest } from "../base/digest.ts";
import { usageError } from "../base/errors.ts";
import { plural } from "../base/plural.ts";
import { type CopyReport, copy } from "../oci/copy.ts";
import type { Platform } from "../oci/platform.ts";
import type { Closable, ReadTarget, Target, TransferStats } from "../oci/target.ts";
import type { RegistryClient } from "../registry/client.ts";
import type { CliContext } from "./command.ts";
import { formatBytes, formatTable } from "./format.ts";
import { registryClient } from "./registry-connection.ts";

/** See `Place` of src/pipeline/transports.ts. */
interface CopyPlace<T> extends Closable {
  target: T;
  tag: string;
  spec: string;
}

export interface CopyPlaces {
  source(spec: string): Promise<CopyPlace<ReadTarget>>;
  destination(spec: string): CopyPlace<Target>;
}

/** @returns the exit code */
export async function copyImage(
  [sourceSpec, destinationSpec]: [string, string],
  options: Record<string, unknown>,
  context: CliContext,
  places: (client: RegistryClient) => CopyPlaces,
): Promise<number> {
  const platform = parsePlatform(options["platform"] as string | undefined);
  const concurrency = parseJobs(options["jobs"] as string | undefined);
  const client = registryClient(options, context);
  const open = places(client);
  try {
    const destination = open.destination(destinationSpec);
    try {
      const source = await open.source(sourceSpec);
      try {
        const copied = await copy(source.target, destination.target, {
          reference: source.tag,
          tags: isDigest(destination.tag) ? [] : [destination.tag],
          platform,
          concurrency,
          emit: context.emit,
          signal: context.signal,
        });
        const before = { ...client.stats };
        await destination.close();
        const report = withMore(copied, before, client.stats);
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
          plural(report.requests, "request"),
          ...(report.retries > 0 ? [plural(report.retries, "retry", "retries")] : []),
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
}

/** An archive reads its blobs when it is closed. */
function withMore(report: CopyReport, before: TransferStats, now: TransferStats): CopyReport {
  return {
    ...report,
    bytesDownloaded: report.bytesDownloaded + now.bytesDownloaded - before.bytesDownloaded,
    bytesUploaded: report.bytesUploaded + now.bytesUploaded - before.bytesUploaded,
    requests: report.requests + now.requests - before.requests,
    retries: report.retries + now.retries - before.retries,
  };
}

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
