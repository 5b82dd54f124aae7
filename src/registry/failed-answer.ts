/** What a server says when it refuses, or where its yes is enough: read as far as it goes, whatever it is. */
import { decoded } from "./content-coding.ts";
import { isPage, pageInsteadOf } from "./errors.ts";
import type { HttpResponse } from "./transport.ts";

export interface RegistryErrorEntry {
  code: string;
  message: string;
  detail?: unknown;
}

export interface FailedAnswer {
  status: number;
  /** By distribution-spec 1.1 "Error Codes"; empty when the server sent something else. */
  errors: RegistryErrorEntry[];
  /** A page for people instead of an answer: a proxy, a login portal. */
  html: boolean;
  text: string;
}

const TEXT_LIMIT = 16 * 1024;
/** Of what was compressed. */
const DECODED_LIMIT = 1024 * 1024;

/** Reads the body of a failed request; never throws for what it finds. */
export async function readFailure(response: HttpResponse): Promise<FailedAnswer> {
  let text = "";
  try {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body) {
      chunks.push(chunk);
      if ((size += chunk.byteLength) > TEXT_LIMIT) break;
    }
    const bytes = Buffer.concat(chunks);
    text = await readable(bytes, response);
  } catch {
    // The status is what counts; its explanation got lost.
  }
  let errors: RegistryErrorEntry[] = [];
  try {
    const parsed = JSON.parse(text) as { errors?: unknown; message?: unknown; details?: unknown };
    if (Array.isArray(parsed.errors)) {
      errors = parsed.errors
        .filter((entry): entry is Record<string, unknown> => typeof entry === "object" && entry !== null)
        .map((entry) => ({
          code: String(entry["code"] ?? "UNKNOWN").slice(0, 100),
          message: String(entry["message"] ?? "").slice(0, 500),
          ...(entry["detail"] !== undefined && { detail: entry["detail"] }),
        }));
    } else if (typeof parsed.message === "string" || typeof parsed.details === "string") {
      errors = [{ code: "", message: String(parsed.message ?? parsed.details).slice(0, 500) }];
    }
  } catch {
    // Not JSON.
  }
  const html = /^\s*<(?:!doctype|html)/i.test(text) || (response.headers["content-type"] ?? "").includes("text/html");
  return { status: response.status, errors, html, text };
}

/**
 * Reads a yes that needs no words. What is in it counts: Quay calls `true`, and nothing at all, text/html.
 * @throws REGISTRY_PROTOCOL for a page instead of `thing`
 */
export async function readYes(response: HttpResponse, thing: string): Promise<void> {
  const { text } = await readFailure(response);
  if (isPage(response) && /^\s*</.test(text)) throw pageInsteadOf(thing, response);
}

/** A proxy that compresses all that looks like text compresses refusals, too. */
async function readable(bytes: Buffer, response: HttpResponse): Promise<string> {
  try {
    return Buffer.from(await decoded(bytes, response, DECODED_LIMIT)).toString("utf8");
  } catch {
    return bytes.toString("utf8");
  }
}
