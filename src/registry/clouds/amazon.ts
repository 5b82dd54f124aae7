/** ECR: GetAuthorizationToken by one signed POST, with the keys that AWS tools would use. */
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { KnbuildError } from "../../base/errors.ts";
import type { FoundCredential } from "../credentials.ts";
import type { EcrService } from "./ecr-host.ts";
import { askMetadata, type CloudRequest } from "./request.ts";
import { type AwsKeys, signV4 } from "./signature-v4.ts";

export async function amazonCredential(
  ecr: EcrService,
  env: NodeJS.ProcessEnv,
  request: CloudRequest,
): Promise<FoundCredential | undefined> {
  const found = await findKeys(ecr, env, request);
  if (!found) return undefined;
  const named = env[ecr.name === "ecr" ? "AWS_ENDPOINT_URL_ECR" : "AWS_ENDPOINT_URL_ECR_PUBLIC"];
  const url = new URL("/", named || env["AWS_ENDPOINT_URL"] || ecr.url);
  const body = "{}";
  const headers = signV4(
    {
      url,
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `${ecr.api}.GetAuthorizationToken`,
      },
      body,
      service: ecr.name,
      region: ecr.region,
    },
    found.keys,
  );
  const answer = await request({ method: "POST", url: url.href, headers, body });
  const pair = answer.status === 200 ? tokenOf(answer.text) : undefined;
  if (!pair) throw refused(answer.status, answer.text, url, found.from);
  const colon = pair.indexOf(":");
  const credential = { kind: "password" as const, username: pair.slice(0, colon), password: pair.slice(colon + 1) };
  return { credential, from: `ECR with the keys from ${found.from}` };
}

interface TokenData {
  authorizationToken?: string;
}

function tokenOf(text: string): string | undefined {
  try {
    const answer = JSON.parse(text) as { authorizationData?: TokenData | TokenData[] };
    // A list for the private registries, one thing for the public one.
    const token = [answer.authorizationData].flat()[0]?.authorizationToken;
    const pair = token && Buffer.from(token, "base64").toString("utf8");
    return pair?.includes(":") ? pair : undefined;
  } catch {
    return undefined;
  }
}

function refused(status: number, text: string, url: URL, from: string): KnbuildError {
  const code = /"(?:__type|code)"\s*:\s*"(?:[^"]*#)?([A-Za-z]+)/.exec(text)?.[1] ?? "";
  return new KnbuildError({
    code: "CLOUD_LOGIN_FAILED",
    message: `ECR gives no token with the keys from ${from}: ${status} ${code}`.trim(),
    where: url.origin,
    hint: "The keys need the right ecr:GetAuthorizationToken, and must not have run out.",
  });
}

interface FoundKeys {
  keys: AwsKeys;
  from: string;
}

/** In the order of AWS's own tools: environment, web identity, profile, container, instance. */
async function findKeys(
  ecr: EcrService,
  env: NodeJS.ProcessEnv,
  request: CloudRequest,
): Promise<FoundKeys | undefined> {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: session } = env;
  if (id && secret)
    return { keys: { accessKeyId: id, secretAccessKey: secret, sessionToken: session }, from: "the environment" };
  return (
    (await fromWebIdentity(ecr, env, request)) ??
    (await fromProfile(env)) ??
    (await fromContainer(env, request)) ??
    (await fromInstance(env, request))
  );
}

async function fromWebIdentity(
  ecr: EcrService,
  env: NodeJS.ProcessEnv,
  request: CloudRequest,
): Promise<FoundKeys | undefined> {
  const { AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ROLE_ARN: role } = env;
  if (!file || !role) return undefined;
  const form = new URLSearchParams({
    Action: "AssumeRoleWithWebIdentity",
    Version: "2011-06-15",
    RoleArn: role,
    RoleSessionName: env["AWS_ROLE_SESSION_NAME"] || "knbuild",
    WebIdentityToken: (await readFile(file, "utf8")).trim(),
  });
  const { status, text } = await request({
    method: "POST",
    url: env["AWS_ENDPOINT_URL_STS"] || env["AWS_ENDPOINT_URL"] || `https://sts.${ecr.region}.${ecr.domain}/`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: form.toString(),
  });
  const field = (name: string) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(text)?.[1];
  const [accessKeyId, secretAccessKey] = [field("AccessKeyId"), field("SecretAccessKey")];
  if (status !== 200 || !accessKeyId || !secretAccessKey) {
    throw new KnbuildError({
      code: "CLOUD_LOGIN_FAILED",
      message: `the role ${role} cannot be assumed with the web identity: ${status} ${field("Code") ?? ""}`.trim(),
      where: file,
      hint: "The role must trust the identity provider of this workload.",
    });
  }
  return { keys: { accessKeyId, secretAccessKey, sessionToken: field("SessionToken") }, from: `the role ${role}` };
}

async function fromProfile(env: NodeJS.ProcessEnv): Promise<FoundKeys | undefined> {
  const file = env["AWS_SHARED_CREDENTIALS_FILE"] || join(env["HOME"] || homedir(), ".aws/credentials");
  const profile = env["AWS_PROFILE"] || "default";
  const text = await readFile(file, "utf8").catch(() => "");
  const values: Record<string, string> = {};
  let section = "";
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[\s*([^\]]+?)\s*\]/.exec(line);
    const pair = /^\s*([a-z_]+)\s*=\s*(.*?)\s*$/.exec(line);
    if (header) section = header[1] as string;
    else if (pair && section === profile) values[pair[1] as string] = pair[2] as string;
  }
  const {
    aws_access_key_id: accessKeyId,
    aws_secret_access_key: secretAccessKey,
    aws_session_token: sessionToken,
  } = values;
  return accessKeyId && secretAccessKey
    ? { keys: { accessKeyId, secretAccessKey, sessionToken }, from: file }
    : undefined;
}

async function fromContainer(env: NodeJS.ProcessEnv, request: CloudRequest): Promise<FoundKeys | undefined> {
  const relative = env["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"];
  const url = relative ? `http://169.254.170.2${relative}` : env["AWS_CONTAINER_CREDENTIALS_FULL_URI"];
  if (!url) return undefined;
  const tokenFile = env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"];
  const token = tokenFile ? (await readFile(tokenFile, "utf8")).trim() : env["AWS_CONTAINER_AUTHORIZATION_TOKEN"];
  return keysFrom(
    await askMetadata(request, { url, headers: token ? { authorization: token } : {} }),
    "the container's role",
  );
}

async function fromInstance(env: NodeJS.ProcessEnv, request: CloudRequest): Promise<FoundKeys | undefined> {
  if (env["AWS_EC2_METADATA_DISABLED"] === "true") return undefined;
  const base = env["AWS_EC2_METADATA_SERVICE_ENDPOINT"] || "http://169.254.169.254";
  const text = async (method: string, path: string, headers: Record<string, string>) => {
    try {
      const answer = await request({ method, url: new URL(path, base).href, headers });
      return answer.status === 200 ? answer.text.trim() : undefined;
    } catch {
      return undefined;
    }
  };
  const token = await text("PUT", "/latest/api/token", { "x-aws-ec2-metadata-token-ttl-seconds": "300" });
  if (!token) return undefined;
  const headers = { "x-aws-ec2-metadata-token": token };
  const role = (await text("GET", "/latest/meta-data/iam/security-credentials/", headers))?.split("\n")[0];
  if (!role) return undefined;
  const url = new URL(`/latest/meta-data/iam/security-credentials/${role}`, base).href;
  return keysFrom(await askMetadata(request, { url, headers }), "the instance's role");
}

function keysFrom(answer: Record<string, unknown> | undefined, from: string): FoundKeys | undefined {
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Token: sessionToken } = answer ?? {};
  if (typeof accessKeyId !== "string" || typeof secretAccessKey !== "string") return undefined;
  return {
    keys: { accessKeyId, secretAccessKey, sessionToken: typeof sessionToken === "string" ? sessionToken : undefined },
    from,
  };
}
