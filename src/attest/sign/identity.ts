/** Where a keyless signature's identity comes from: a short-lived OIDC token of the machine that runs this. */
import type { IdentityProvider } from "@sigstore/sign";
import { errorMessage, KnbuildError, usageError } from "../../base/errors.ts";

export interface IdentityOptions {
  env: NodeJS.ProcessEnv;
  /** `aud` of the token; Fulcio asks for `sigstore`. */
  audience?: string;
  signal?: AbortSignal;
}

/** One source of tokens. */
export interface IdentitySource {
  id: "token" | "github" | "google";
  /** For people. */
  label: string;
  available(options: IdentityOptions): Promise<boolean>;
  token(options: IdentityOptions): Promise<string>;
}

const DEFAULT_AUDIENCE = "sigstore";
const TIMEOUT_MS = 10_000;
const PROBE_MS = 1_000;

/** In the order in which they are asked. GitLab puts its token into SIGSTORE_ID_TOKEN (`id_tokens` with `aud: sigstore`). */
export const IDENTITY_SOURCES: readonly IdentitySource[] = [
  {
    id: "token",
    label: "SIGSTORE_ID_TOKEN",
    available: async ({ env }) => Boolean(env["SIGSTORE_ID_TOKEN"]),
    token: async ({ env }) => env["SIGSTORE_ID_TOKEN"]!.trim(),
  },
  {
    id: "github",
    label: "GitHub Actions",
    available: async ({ env }) => Boolean(env["ACTIONS_ID_TOKEN_REQUEST_URL"] && env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]),
    async token({ env, audience = DEFAULT_AUDIENCE, signal }) {
      const url = new URL(env["ACTIONS_ID_TOKEN_REQUEST_URL"]!);
      url.searchParams.set("audience", audience);
      const answer = await ask(url, { authorization: `Bearer ${env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]}` }, signal);
      const { value } = JSON.parse(answer) as { value?: string };
      if (!value) throw new Error("the answer has no token");
      return value;
    },
  },
  {
    id: "google",
    label: "Google metadata server",
    async available({ env, signal }) {
      // Cloud Build, Cloud Run and Compute Engine answer at a fixed name; elsewhere the name does not resolve.
      if (!env["GCE_METADATA_HOST"] && env["KNBUILD_NO_METADATA"]) return false;
      try {
        const answer = await fetch(metadataUrl(env, "instance/service-accounts/"), {
          headers: { "metadata-flavor": "Google" },
          signal: withTimeout(signal, env["GCE_METADATA_HOST"] ? TIMEOUT_MS : PROBE_MS),
        });
        return answer.ok && answer.headers.get("metadata-flavor") === "Google";
      } catch {
        return false;
      }
    },
    async token({ env, audience = DEFAULT_AUDIENCE, signal }) {
      const url = metadataUrl(env, "instance/service-accounts/default/identity");
      url.searchParams.set("audience", audience);
      url.searchParams.set("format", "full");
      return (await ask(url, { "metadata-flavor": "Google" }, signal)).trim();
    },
  },
];

/**
 * The first identity that this machine has.
 * @throws SIGNING_IDENTITY_MISSING when there is none; SIGNING_IDENTITY_FAILED when the one there is gives no token
 */
export function ambientIdentity(options: IdentityOptions): IdentityProvider {
  return {
    async getToken() {
      for (const source of IDENTITY_SOURCES) {
        if (!(await source.available(options))) continue;
        try {
          return assertJwt(await source.token(options));
        } catch (cause) {
          throw new KnbuildError({
            code: "SIGNING_IDENTITY_FAILED",
            message: `${source.label} gave no identity token: ${errorMessage(cause)}`,
            hint:
              source.id === "github"
                ? "The job needs `permissions: id-token: write`."
                : "Check that the service account may issue identity tokens.",
            retryable: true,
          });
        }
      }
      throw usageError(
        "SIGNING_IDENTITY_MISSING",
        "this machine has no identity to sign with",
        "Sign in GitHub Actions (id-token: write), GitLab CI (id_tokens), Google Cloud or with SIGSTORE_ID_TOKEN; or sign with a key.",
      );
    },
  };
}

function assertJwt(token: string): string {
  if (!/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) throw new Error("what came is not a JSON web token");
  return token;
}

function metadataUrl(env: NodeJS.ProcessEnv, path: string): URL {
  return new URL(`http://${env["GCE_METADATA_HOST"] ?? "metadata.google.internal"}/computeMetadata/v1/${path}`);
}

async function ask(url: URL, headers: Record<string, string>, signal?: AbortSignal): Promise<string> {
  // A token must not follow a redirect to another origin.
  const answer = await fetch(url, { headers, redirect: "error", signal: withTimeout(signal, TIMEOUT_MS) });
  if (!answer.ok) throw new Error(`${url.host} answered ${answer.status}`);
  return answer.text();
}

function withTimeout(signal: AbortSignal | undefined, ms: number): AbortSignal {
  return signal ? AbortSignal.any([signal, AbortSignal.timeout(ms)]) : AbortSignal.timeout(ms);
}
