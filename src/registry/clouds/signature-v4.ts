/** AWS Signature Version 4 for one POST with a body: "Create a signed AWS API request". */
import { createHash, createHmac } from "node:crypto";

export interface AwsKeys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
}

export interface SignedRequest {
  url: URL;
  headers: Record<string, string>;
  body: string;
  service: string;
  region: string;
}

/** The request's headers with `x-amz-date`, `x-amz-security-token` and `authorization` added. */
export function signV4(request: SignedRequest, keys: AwsKeys, now: Date = new Date()): Record<string, string> {
  const stamp = now.toISOString().replace(/[-:]|\.\d{3}/g, "");
  const day = stamp.slice(0, 8);
  const headers: Record<string, string> = {
    ...Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value])),
    host: request.url.host,
    "x-amz-date": stamp,
    ...(keys.sessionToken && { "x-amz-security-token": keys.sessionToken }),
  };
  const names = Object.keys(headers).sort();
  const canonical = [
    "POST",
    request.url.pathname || "/",
    [...request.url.searchParams]
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      .sort()
      .join("&"),
    ...names.map((name) => `${name}:${(headers[name] as string).trim()}`),
    "",
    names.join(";"),
    hex(request.body),
  ].join("\n");
  const scope = `${day}/${request.region}/${request.service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", stamp, scope, hex(canonical)].join("\n");
  const key = [day, request.region, request.service, "aws4_request"].reduce(
    (current: Buffer | string, part) => createHmac("sha256", current).update(part).digest(),
    `AWS4${keys.secretAccessKey}`,
  );
  const signature = createHmac("sha256", key).update(text).digest("hex");
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`,
  };
}

function hex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
