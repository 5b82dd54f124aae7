import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cloudCredentials } from "../../src/registry/clouds/cloud-credentials.ts";
import { ecrService } from "../../src/registry/clouds/ecr-host.ts";
import { createCloudRequest } from "../../src/registry/clouds/request.ts";
import { signV4 } from "../../src/registry/clouds/signature-v4.ts";
import { createHosts } from "../../src/registry/hosts.ts";
import { createStats } from "../../src/registry/stats.ts";
import { createTransport } from "../../src/registry/transport.ts";

/** Stands for every cloud's endpoints: answers by path and keeps what it was asked. */
let server: Server;
let base: string;
let scratch: string;
const asked: { method: string; path: string; headers: IncomingMessage["headers"]; body: string }[] = [];
const answers = new Map<string, { status?: number; text: string }>();

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "knbuild-clouds-"));
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      const path = (request.url ?? "").split("?")[0] ?? "";
      asked.push({ method: request.method ?? "", path: request.url ?? "", headers: request.headers, body });
      const answer = answers.get(`${request.method} ${path}`);
      response.writeHead(answer ? (answer.status ?? 200) : 404).end(answer?.text ?? "");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
  rmSync(scratch, { recursive: true, force: true });
});

function find(registry: string, env: NodeJS.ProcessEnv) {
  asked.length = 0;
  const transport = createTransport({
    hosts: createHosts({ env: {} }),
    proxyFor: () => undefined,
    timeouts: { connectMs: 1000, headersMs: 1000, idleMs: 1000 },
    stats: createStats(),
    userAgent: "test",
  });
  return cloudCredentials({ HOME: scratch, ...env }, createCloudRequest(transport)).find(registry, "a/b");
}

describe("Google", () => {
  it("asks the metadata server, as a Cloud Build step does", async () => {
    answers.set("GET /computeMetadata/v1/instance/service-accounts/default/token", {
      text: '{"access_token":"ya29.x","expires_in":3599}',
    });
    const env = { GCE_METADATA_HOST: new URL(base).host };
    for (const host of ["us-docker.pkg.dev", "gcr.io", "eu.gcr.io"]) {
      expect(await find(host, env)).toEqual({
        credential: { kind: "password", username: "oauth2accesstoken", password: "ya29.x" },
        from: "the metadata server",
      });
      expect(asked[0]?.headers["metadata-flavor"]).toBe("Google");
    }
    for (const host of ["gcr.io.evil.test", "evilgcr.io", "docker.pkg.dev.evil.test"]) {
      expect(await find(host, env)).toBeUndefined();
      expect(asked).toEqual([]);
    }
  });

  it("says which default credentials give no token", async () => {
    const file = join(scratch, "adc.json");
    writeFileSync(file, '{"type":"authorized_user"}');
    await expect(find("gcr.io", { GOOGLE_APPLICATION_CREDENTIALS: file })).rejects.toMatchObject({
      code: "CLOUD_LOGIN_FAILED",
      where: file,
    });
  });
});

describe("Amazon", () => {
  const HOST = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
  const token = Buffer.from("AWS:ecr-password").toString("base64");

  it("signs as AWS's own test suite wants it", () => {
    const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
    const common = { url: new URL("https://example.amazonaws.com/"), service: "service", region: "us-east-1" };
    const now = new Date("2015-08-30T12:36:00Z");
    expect(signV4({ ...common, headers: {}, body: "" }, keys, now)["authorization"]).toContain(
      "SignedHeaders=host;x-amz-date, Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
    );
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    expect(signV4({ ...common, headers, body: "Param1=value1" }, keys, now)["authorization"]).toContain(
      "Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
    );
  });

  it.each<[string, NodeJS.ProcessEnv]>([
    [
      "the environment",
      { AWS_ACCESS_KEY_ID: "AKID", AWS_SECRET_ACCESS_KEY: "very-secret", AWS_SESSION_TOKEN: "session" },
    ],
    ["the instance", {}],
    ["a profile", { AWS_PROFILE: "other" }],
  ])("gets a token with the keys of %s", async (_name, env) => {
    answers.set("POST /", { text: JSON.stringify({ authorizationData: [{ authorizationToken: token }] }) });
    answers.set("PUT /latest/api/token", { text: "imds-token" });
    answers.set("GET /latest/meta-data/iam/security-credentials/", { text: "the-role" });
    answers.set("GET /latest/meta-data/iam/security-credentials/the-role", {
      text: '{"AccessKeyId":"AKID","SecretAccessKey":"very-secret","Token":"session"}',
    });
    const file = join(scratch, "aws-credentials");
    writeFileSync(
      file,
      "[default]\n[other]\naws_access_key_id = AKID\naws_secret_access_key=very-secret\naws_session_token = session\n",
    );
    const found = await find(HOST, {
      AWS_ENDPOINT_URL_ECR: base,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: base,
      AWS_SHARED_CREDENTIALS_FILE: env["AWS_PROFILE"] ? file : join(scratch, "none"),
      ...env,
    });
    expect(found?.credential).toEqual({ kind: "password", username: "AWS", password: "ecr-password" });
    const call = asked.at(-1);
    expect(call?.headers["x-amz-target"]).toBe("AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken");
    expect(call?.headers["x-amz-security-token"]).toBe("session");
    expect(call?.headers.authorization).toMatch(/Credential=AKID\/\d{8}\/eu-central-1\/ecr\/aws4_request/);
    expect(JSON.stringify(asked)).not.toContain("very-secret");
  });

  it("knows the public registry's own service, and every spelling of the private ones", async () => {
    answers.set("POST /", { text: JSON.stringify({ authorizationData: { authorizationToken: token } }) });
    const keys = { AWS_ACCESS_KEY_ID: "AKID", AWS_SECRET_ACCESS_KEY: "very-secret", AWS_ENDPOINT_URL: base };
    expect((await find("public.ecr.aws", keys))?.credential).toMatchObject({ username: "AWS" });
    expect(asked[0]?.headers["x-amz-target"]).toBe("SpencerFrontendService.GetAuthorizationToken");
    expect(asked[0]?.headers.authorization).toContain("/us-east-1/ecr-public/aws4_request");
    const urls = [
      "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
      "123456789012.dkr-ecr.eu-west-1.on.aws",
      "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
      "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
      "123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu",
      "123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.test",
    ].map((host) => ecrService(host)?.url);
    expect(urls).toEqual([
      "https://api.ecr.eu-west-1.amazonaws.com",
      "https://api.ecr.eu-west-1.amazonaws.com",
      "https://ecr-fips.us-gov-west-1.amazonaws.com",
      "https://api.ecr.cn-north-1.amazonaws.com.cn",
      "https://api.ecr.eusc-de-east-1.amazonaws.eu",
      undefined,
    ]);
  });

  it("says what AWS said, without the keys", async () => {
    answers.set("POST /", { status: 400, text: '{"__type":"com.amazon.coral#ExpiredTokenException","message":"x"}' });
    const env = { AWS_ENDPOINT_URL_ECR: base, AWS_ACCESS_KEY_ID: "AKID", AWS_SECRET_ACCESS_KEY: "very-secret" };
    await expect(find(HOST, env)).rejects.toMatchObject({
      code: "CLOUD_LOGIN_FAILED",
      message: "ECR gives no token with the keys from the environment: 400 ExpiredTokenException",
    });
  });
});

describe("others", () => {
  it("Azure: a principal that is refused is named", async () => {
    answers.set("POST /tenant/oauth2/v2.0/token", { status: 401, text: '{"error":"invalid_client"}' });
    const env = {
      AZURE_AUTHORITY_HOST: base,
      AZURE_TENANT_ID: "tenant",
      AZURE_CLIENT_ID: "client",
      AZURE_CLIENT_SECRET: "very-secret",
    };
    const error = await find("team.azurecr.io", env).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "CLOUD_LOGIN_FAILED",
      message: "the client client gets no token: 401 invalid_client",
    });
    expect(String(error)).not.toContain("very-secret");
  });

  it("GitHub: a workflow's token, inside a workflow only", async () => {
    const env = { GITHUB_TOKEN: "ghs_x", GITHUB_ACTOR: "octo" };
    expect(await find("ghcr.io", env)).toBeUndefined();
    expect((await find("ghcr.io", { ...env, GITHUB_ACTIONS: "true" }))?.credential).toMatchObject({ username: "octo" });
    expect(await find("docker.io", { ...env, GITHUB_ACTIONS: "true" })).toBeUndefined();
  });
});
