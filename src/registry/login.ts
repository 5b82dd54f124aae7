/** Keeping and forgetting logins where Docker and podman keep them. */
import { usageError } from "../base/errors.ts";
import { createRegistryClient, type RegistryClientOptions } from "./client.ts";
import { eraseFromHelper, storeInHelper } from "./credential-helper.ts";
import {
  DOCKER_HUB_KEY,
  type DockerConfig,
  loginFile,
  otherServers,
  readDockerConfig,
  updateDockerConfig,
} from "./docker-config.ts";

export interface LoginResult {
  registry: string;
  /** The file, or `docker-credential-NAME`. */
  storedIn: string;
}

/**
 * Tries the login at the registry and keeps it when it is good: in the credential helper that the configuration names for
 * this registry, else in the file.
 * @throws REGISTRY_UNAUTHORIZED, CREDENTIAL_HELPER_FAILED, and what the network throws; nothing is kept then
 */
export async function login(
  registry: string,
  credential: { username: string; password: string },
  options: RegistryClientOptions = {},
): Promise<LoginResult> {
  const env = options.env ?? process.env;
  const host = registryHost(registry);
  const { username, password } = credential;
  const found = { credential: { kind: "password" as const, username, password }, from: "the command line" };
  const client = createRegistryClient({ ...options, credentials: { find: async () => found } });
  try {
    await client.ping(host);
  } finally {
    client.close();
  }
  const file = loginFile(env);
  const key = host === "docker.io" ? DOCKER_HUB_KEY : host;
  const helper = helperFor((await readDockerConfig(file)) ?? {}, key);
  if (helper) {
    await storeInHelper(helper, key, { username, secret: password }, env);
    return { registry: host, storedIn: `docker-credential-${helper}` };
  }
  await updateDockerConfig(file, (config) => {
    config.auths = { ...config.auths, [key]: { auth: Buffer.from(`${username}:${password}`).toString("base64") } };
  });
  return { registry: host, storedIn: file };
}

/** @returns false when no login was kept */
export async function logout(registry: string, env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  const host = registryHost(registry);
  const file = loginFile(env);
  const config = (await readDockerConfig(file)) ?? {};
  const keys = host === "docker.io" ? [DOCKER_HUB_KEY, "docker.io", "index.docker.io"] : [host, `https://${host}`];
  const helper = helperFor(config, keys[0] as string);
  let erased = false;
  for (const server of helper ? [keys[0] as string, ...(await otherServers(helper, keys, env))] : []) {
    erased = (await eraseFromHelper(helper as string, server, env)) || erased;
  }
  const known = keys.filter((key) => config.auths?.[key] !== undefined);
  if (known.length > 0) {
    await updateDockerConfig(file, (current) => {
      for (const key of known) delete current.auths?.[key];
    });
  }
  return known.length > 0 || erased;
}

function helperFor(config: DockerConfig, key: string): string | undefined {
  return config.credHelpers?.[key] ?? (config.credsStore || undefined);
}

/** `https://ghcr.io/` and `ghcr.io` are one; Docker Hub has several names. */
function registryHost(text: string): string {
  const host = text.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
  if (!/^(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::\d+)?$/.test(host) || !URL.canParse(`https://${host}`)) {
    throw usageError("REFERENCE_INVALID", `not a registry's host: ${JSON.stringify(text)}`, "Write it as host[:port].");
  }
  return ["index.docker.io", "registry-1.docker.io", "hub.docker.com"].includes(host) ? "docker.io" : host;
}
