/**
 * One question, asked in the plainest way: what does a tag name? No TLS, no login, no redirect, no retry; whoever needs one of
 * these asks the client. node:net alone, because node:http costs more to load than the question to be answered.
 */
import { connect } from "node:net";
import { isDigest } from "../base/digest.ts";
import { isIndexType, isManifestType, MANIFEST_ACCEPT } from "../oci/descriptor.ts";
import { hostnameOf } from "./hosts.ts";

/** Who takes longer is asked in the ordinary way: nobody is to wait for what was meant to save time. */
const TIMEOUT_MS = 1_000;
/** A header longer than this is not looked at. */
const HEAD_LIMIT = 32 * 1024;

/** A question on its way. */
export interface Question {
  /** The digest; undefined when the registry says anything but that, or cannot be reached. Never rejected. */
  answer: Promise<string | undefined>;
  /** Nobody waits for the answer any more. */
  drop(): void;
}

/** @param registry `host:port` */
export function askTag(registry: string, repository: string, tag: string): Question {
  const host = hostnameOf(registry);
  const port = Number(registry.slice(host.length + 1) || 80);
  const socket = connect({ host: host.replace(/^\[|\]$/g, ""), port, noDelay: true });
  const answer = new Promise<string | undefined>((resolve) => {
    let head = "";
    const end = (digest?: string) => {
      resolve(digest);
      socket.destroy();
    };
    socket.setEncoding("latin1").setTimeout(TIMEOUT_MS, () => end());
    socket.on("error", () => end()).on("close", () => end());
    socket.on("data", (text: unknown) => {
      head += text;
      const length = head.indexOf("\r\n\r\n");
      if (length >= 0) end(readHead(head.slice(0, length)));
      else if (head.length > HEAD_LIMIT) end();
    });
    socket.write(
      [
        `HEAD /v2/${repository}/manifests/${tag} HTTP/1.1`,
        `Host: ${registry}`,
        `Accept: ${MANIFEST_ACCEPT}`,
        "User-Agent: knbuild",
        "Connection: close",
        "\r\n",
      ].join("\r\n"),
    );
  });
  return { answer, drop: () => socket.destroy() };
}

/** distribution-spec 1.1 "Checking if content exists in the registry": 200, and the digest in a header. */
function readHead(head: string): string | undefined {
  const [status = "", ...lines] = head.split("\r\n");
  if (!/^HTTP\/1\.[01] 200(?: |$)/.test(status)) return undefined;
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const type = headers.get("content-type")?.split(";")[0]?.trim() ?? "";
  const digest = headers.get("docker-content-digest");
  return digest !== undefined && isDigest(digest) && (isManifestType(type) || isIndexType(type)) ? digest : undefined;
}
