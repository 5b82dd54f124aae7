/** Small JSON requests to token and metadata servers: short patience, no retries, no redirects. */
import { readAll, streamOf } from "../../base/streams.ts";
import type { Transport } from "../transport.ts";

export interface CloudAnswer {
  status: number;
  text: string;
}

export type CloudRequest = (options: {
  method?: string;
  url: string;
  headers?: Record<string, string>;
  body?: string;
}) => Promise<CloudAnswer>;

const ANSWER_LIMIT = 256 * 1024;

export function createCloudRequest(transport: Transport): CloudRequest {
  return async ({ method = "GET", url, headers = {}, body }) => {
    const bytes = body === undefined ? undefined : Buffer.from(body);
    const response = await transport.send({
      method,
      url: new URL(url),
      headers,
      body: bytes && { size: bytes.byteLength, open: () => streamOf(bytes) },
    });
    return { status: response.status, text: Buffer.from(await readAll(response.body, ANSWER_LIMIT)).toString("utf8") };
  };
}

/** Asks a metadata server; undefined when there is none (which is how a laptop answers). */
export async function askMetadata(
  request: CloudRequest,
  options: Parameters<CloudRequest>[0],
): Promise<Record<string, unknown> | undefined> {
  try {
    const { status, text } = await request(options);
    return status === 200 ? (JSON.parse(text) as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
