/** Artifact Registry and gcr.io: application default credentials, or the metadata server (as a Cloud Build step has it). */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { errorMessage, KnbuildError } from "../../base/errors.ts";
import type { FoundCredential } from "../credentials.ts";
import { askMetadata, type CloudRequest } from "./request.ts";

const SCOPE = "https://www.googleapis.com/auth/cloud-platform";

export async function googleCredential(
  env: NodeJS.ProcessEnv,
  request: CloudRequest,
): Promise<FoundCredential | undefined> {
  const file = defaultCredentialsFile(env);
  const token = file ? await fromFile(file, request) : await fromMetadata(env, request);
  if (!token) return undefined;
  return {
    credential: { kind: "password", username: "oauth2accesstoken", password: token },
    from: file ?? "the metadata server",
  };
}

/** The library is large and loaded only for such a file. */
async function fromFile(file: string, request: CloudRequest): Promise<string | undefined> {
  const { tokenOfFile } = await import("./google-library.ts");
  try {
    return await tokenOfFile(file, SCOPE, request);
  } catch (cause) {
    throw new KnbuildError({
      code: "CLOUD_LOGIN_FAILED",
      message: `Google's application default credentials give no token: ${errorMessage(cause).slice(0, 300)}`,
      where: file,
      hint: "Run gcloud auth application-default login, or docker-credential-gcloud.",
      cause,
    });
  }
}

async function fromMetadata(env: NodeJS.ProcessEnv, request: CloudRequest): Promise<string | undefined> {
  const host = env["GCE_METADATA_HOST"] || "metadata.google.internal";
  const answer = await askMetadata(request, {
    url: `http://${host}/computeMetadata/v1/instance/service-accounts/default/token`,
    headers: { "metadata-flavor": "Google" },
  });
  return typeof answer?.["access_token"] === "string" ? answer["access_token"] : undefined;
}

function defaultCredentialsFile(env: NodeJS.ProcessEnv): string | undefined {
  if (env["GOOGLE_APPLICATION_CREDENTIALS"]) return env["GOOGLE_APPLICATION_CREDENTIALS"];
  const dir = env["CLOUDSDK_CONFIG"] || (env["HOME"] ? join(env["HOME"], ".config/gcloud") : undefined);
  const file = dir && join(dir, "application_default_credentials.json");
  return file && existsSync(file) ? file : undefined;
}
