/** What a registry answered, as an error: its own code and message, the URL without secrets, the request id, what to do. */
import { isKnbuildError, KnbuildError } from "../base/errors.ts";
import type { Redactor } from "./credentials.ts";
import type { FailedAnswer, RegistryErrorEntry } from "./failed-answer.ts";
import { publicUrl } from "./public-url.ts";
import { hintOfRegistry } from "./registry-hints.ts";
import { askedPause, isRetryableStatus, tried } from "./retry.ts";
import type { HttpResponse } from "./transport.ts";

const REQUEST_IDS = [
  "x-request-id",
  "x-amzn-requestid",
  "x-ms-correlation-request-id",
  "docker-request-id",
  "x-github-request-id",
];

export interface FailureContext {
  /** What was tried: `read the manifest latest`. */
  action: string;
  redactor: Redactor;
  registry: string;
  /** How the request was authenticated: changes what to do about a refusal. */
  login?: { from: string } | undefined;
}

export function registryError(response: HttpResponse, failure: FailedAnswer, context: FailureContext): KnbuildError {
  const { status } = response;
  const first = failure.errors[0];
  const id = REQUEST_IDS.map((name) => response.headers[name]).find(Boolean);
  const said = first
    ? [first.code, first.message, isSaidAlready(first) ? "" : detailText(first.detail)].filter(Boolean).join(": ")
    : failure.html
      ? `an HTML page${titleOf(failure.text)} instead of a registry's answer`
      : plainLine(failure.text);
  const { code, hint } = classify(status, failure, context, response);
  return new KnbuildError({
    code,
    message: context.redactor.clean(
      `cannot ${context.action}: ${response.elsewhere ? response.url.host : context.registry} answered ${status}${tried(response.tries)}: ${said}${id ? ` (request ${id.slice(0, 100)})` : ""}${askedPause(response.headers["retry-after"])}`,
    ),
    where: publicUrl(response.url),
    hint: hintOfRegistry(context.registry, said) ?? hint,
    retryable: isRetryableStatus(status),
  });
}

/** The repository and the scope that were asked for: the message names them. */
function isSaidAlready({ code, detail }: RegistryErrorEntry): boolean {
  return typeof detail === "object" && ["UNAUTHORIZED", "DENIED", "NAME_UNKNOWN"].includes(code);
}

function detailText(detail: unknown): string {
  if (typeof detail === "string") return detail.slice(0, 300);
  if (detail === undefined || detail === null) return "";
  return (JSON.stringify(detail) ?? "").slice(0, 300);
}

/** The first line of what a server says in words of its own. */
function plainLine(text: string): string {
  const line = text.trim().split("\n")[0]?.slice(0, 200) ?? "";
  if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffd]/.test(line)) return "bytes that are no text";
  return line || "no explanation";
}

function titleOf(text: string): string {
  const title = /<title[^>]*>([^<]{1,100})/i.exec(text)?.[1]?.trim();
  return title ? ` ("${title}")` : "";
}

function classify(
  status: number,
  failure: FailedAnswer,
  context: FailureContext,
  response: HttpResponse,
): { code: string; hint: string } {
  const codes = failure.errors.map((entry) => entry.code);
  const isHub = context.registry === "docker.io";
  if (status === 429 || codes.includes("TOOMANYREQUESTS")) {
    const limit = response.headers["ratelimit-limit"] ?? response.headers["x-ratelimit-limit"];
    return {
      code: "REGISTRY_RATE_LIMITED",
      hint: isHub
        ? `Docker Hub limits pulls${limit ? ` (${limit})` : ""}: log in (a free account has a higher limit), or read through a mirror such as mirror.gcr.io.`
        : "Wait and try again, log in, or read through a mirror.",
    };
  }
  if (response.elsewhere && (status === 401 || status === 403)) {
    return {
      code: status === 401 ? "REGISTRY_UNAUTHORIZED" : "REGISTRY_DENIED",
      hint: `${context.registry} has sent the request on to ${response.url.host}: a login is never shown to another host. Name that one as the registry if it is yours.`,
    };
  }
  if (status === 401) {
    const isShort = /insufficient_scope/.test(response.headers["www-authenticate"] ?? "");
    return {
      code: "REGISTRY_UNAUTHORIZED",
      hint: context.login
        ? isShort
          ? `The login from ${context.login.from} may not do this: ask for the right, or use another account.`
          : `The login from ${context.login.from} was refused: check the user name and the password or token, and log in again.`
        : `No login for ${context.registry} is known: log in first.`,
    };
  }
  if (status === 403 || codes.includes("DENIED")) {
    return {
      code: "REGISTRY_DENIED",
      hint: context.login
        ? `The login from ${context.login.from} may not do this: ask for the right, or use another account.`
        : "Log in with an account that may do this.",
    };
  }
  if (codes.includes("MANIFEST_BLOB_UNKNOWN")) {
    return { code: "MANIFEST_BLOB_UNKNOWN", hint: "The registry lost a blob of this image: push again." };
  }
  if (codes.includes("BLOB_UPLOAD_UNKNOWN")) {
    return {
      code: "REGISTRY_UPLOAD_LOST",
      hint: "The registry forgets uploads: where it runs several times, its instances have to share storage and secret (REGISTRY_HTTP_SECRET).",
    };
  }
  if (codes.includes("NAME_UNKNOWN")) {
    return { code: "REGISTRY_NOT_FOUND", hint: "Check the repository's name; some registries want it created first." };
  }
  if (status === 404) return { code: "REGISTRY_NOT_FOUND", hint: "Check the registry, the repository and the tag." };
  if (status === 413) {
    return {
      code: "REGISTRY_TOO_LARGE",
      hint: "The registry, or a proxy before it, limits the size of requests: raise the limit.",
    };
  }
  if (status === 405 || codes.includes("UNSUPPORTED")) {
    return { code: "REGISTRY_UNSUPPORTED", hint: "This registry does not offer this (a mirror takes no pushes)." };
  }
  if (status >= 500)
    return { code: "REGISTRY_UNAVAILABLE", hint: "The registry has a problem of its own: try again later." };
  if (failure.html) {
    return {
      code: "REGISTRY_PROTOCOL",
      hint: "Something between here and the registry answers in its place: a proxy or a login page.",
    };
  }
  return { code: "REGISTRY_REFUSED", hint: "See the registry's own message." };
}

/** The registry or its token server would not have it from this login. */
export function isRefusal(error: unknown): boolean {
  return isKnbuildError(error, "REGISTRY_UNAUTHORIZED") || isKnbuildError(error, "REGISTRY_DENIED");
}

/** A yes, but not the one that belongs to the question: it was not the registry's, or there is nothing behind it. */
export async function wrongYes(response: HttpResponse): Promise<KnbuildError> {
  await response.discard();
  return protocolError(`the server answered ${response.status} where it must not`, response.url, undefined, true);
}

/** An upload is opened, and where is not said. */
export async function placeless(response: HttpResponse): Promise<KnbuildError> {
  await response.discard();
  const message = `the server answered ${response.status} to an upload, but without the Location that the bytes go to`;
  const hint =
    "A proxy before the registry may take the header away; else the registry does not keep to the specification.";
  return protocolError(message, response.url, hint, true);
}

/** A page for people: a login portal or a proxy answers everything with a yes. */
export function isPage(response: HttpResponse): boolean {
  return (response.headers["content-type"] ?? "").toLowerCase().startsWith("text/html");
}

/** @param thing what was asked for: `the blob` */
export function pageInsteadOf(thing: string, response: HttpResponse): KnbuildError {
  return protocolError(
    `the server answered with an HTML page instead of ${thing}`,
    response.url,
    "Something between here and the registry answers in its place, or no registry listens there.",
    true,
  );
}

/** The server answered something that the specification does not allow. */
export function protocolError(message: string, where: URL, hint?: string, retryable = false): KnbuildError {
  return new KnbuildError({
    code: "REGISTRY_PROTOCOL",
    message,
    where: publicUrl(where),
    hint: hint ?? "The registry, or something before it, does not keep to the distribution specification.",
    retryable,
  });
}
