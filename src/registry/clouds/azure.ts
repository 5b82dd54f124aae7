/** ACR: an Entra ID token of a service principal, a workload or a managed identity, exchanged for the registry's own. */
import { readFile } from "node:fs/promises";
import { KnbuildError } from "../../base/errors.ts";
import type { FoundCredential } from "../credentials.ts";
import { askMetadata, type CloudRequest } from "./request.ts";

/** Every registry takes tokens for itself; tokens for Azure's management only where its policy allows. */
const RESOURCE = "https://containerregistry.azure.net/";

export async function azureCredential(
  registry: string,
  env: NodeJS.ProcessEnv,
  request: CloudRequest,
): Promise<FoundCredential | undefined> {
  const found = (await fromPrincipal(env, request)) ?? (await fromManagedIdentity(env, request));
  if (!found) return undefined;
  const form = new URLSearchParams({ grant_type: "access_token", service: registry, access_token: found.token });
  const tenant = env["AZURE_TENANT_ID"];
  if (tenant) form.set("tenant", tenant);
  const { status, text } = await request({
    method: "POST",
    url: `https://${registry}/oauth2/exchange`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: form.toString(),
  });
  const token = status === 200 ? stringField(text, "refresh_token") : undefined;
  if (token) return { credential: { kind: "identity-token", token }, from: found.from };
  throw failed(`${registry} does not take the token of ${found.from}: ${status}`, registry);
}

interface FoundToken {
  token: string;
  from: string;
}

async function fromPrincipal(env: NodeJS.ProcessEnv, request: CloudRequest): Promise<FoundToken | undefined> {
  const { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client, AZURE_CLIENT_SECRET: secret } = env;
  const federated = env["AZURE_FEDERATED_TOKEN_FILE"];
  if (!tenant || !client || (!secret && !federated)) return undefined;
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: client,
    scope: `${RESOURCE}.default`,
  });
  if (secret) form.set("client_secret", secret);
  else if (federated) {
    form.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    form.set("client_assertion", (await readFile(federated, "utf8")).trim());
  }
  const authority = env["AZURE_AUTHORITY_HOST"] || "https://login.microsoftonline.com/";
  const url = new URL(`${tenant}/oauth2/v2.0/token`, authority.endsWith("/") ? authority : `${authority}/`);
  const { status, text } = await request({
    method: "POST",
    url: url.href,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: form.toString(),
  });
  const token = status === 200 ? stringField(text, "access_token") : undefined;
  if (token) return { token, from: `the client ${client}` };
  throw failed(`the client ${client} gets no token: ${status} ${stringField(text, "error") ?? ""}`.trim(), url.origin);
}

async function fromManagedIdentity(env: NodeJS.ProcessEnv, request: CloudRequest): Promise<FoundToken | undefined> {
  const base = env["AZURE_POD_IDENTITY_AUTHORITY_HOST"] || "http://169.254.169.254";
  const url = new URL("/metadata/identity/oauth2/token", base);
  url.searchParams.set("api-version", "2018-02-01");
  url.searchParams.set("resource", RESOURCE);
  if (env["AZURE_CLIENT_ID"]) url.searchParams.set("client_id", env["AZURE_CLIENT_ID"]);
  const answer = await askMetadata(request, { url: url.href, headers: { metadata: "true" } });
  return typeof answer?.["access_token"] === "string"
    ? { token: answer["access_token"], from: "the managed identity" }
    : undefined;
}

function stringField(text: string, name: string): string | undefined {
  try {
    const value = (JSON.parse(text) as Record<string, unknown>)[name];
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

function failed(message: string, where: string): KnbuildError {
  return new KnbuildError({
    code: "CLOUD_LOGIN_FAILED",
    message,
    where,
    hint: "Check the identity's role assignment on the registry (AcrPull, AcrPush).",
  });
}
