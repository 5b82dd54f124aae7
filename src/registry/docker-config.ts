import { existsSync, readFileSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { errnoCode, KnbuildError } from "../base/errors.ts";
import { makeDirectory } from "../base/make-directory.ts";
import { replaceFile } from "../base/replace-file.ts";
import { getFromHelper, listOfHelper } from "./credential-helper.ts";
import type { Credential, CredentialSource, FoundCredential } from "./credentials.ts";

interface AuthEntry {
  auth?: string;
  username?: string;
  password?: string;
  identitytoken?: string;
  registrytoken?: string;
}

export interface DockerConfig {
  auths?: Record<string, AuthEntry>;
  credHelpers?: Record<string, string>;
  credsStore?: string;
  [other: string]: unknown;
}

/** The key of Docker Hub in these files. */
export const DOCKER_HUB_KEY = "https://index.docker.io/v1/";

/** The files that may hold a login, in the order in which they are asked. */
export function authFiles(env: NodeJS.ProcessEnv): string[] {
  const home = env["HOME"] || homedir();
  const files: string[] = [];
  if (env["REGISTRY_AUTH_FILE"]) files.push(env["REGISTRY_AUTH_FILE"]);
  if (env["DOCKER_CONFIG"]) files.push(join(env["DOCKER_CONFIG"], "config.json"));
  if (env["XDG_RUNTIME_DIR"]) files.push(join(env["XDG_RUNTIME_DIR"], "containers/auth.json"));
  files.push(join(env["XDG_CONFIG_HOME"] || join(home, ".config"), "containers/auth.json"));
  if (!env["DOCKER_CONFIG"]) files.push(join(home, ".docker/config.json"));
  return files;
}

/** The file that a login is written to. */
export function loginFile(env: NodeJS.ProcessEnv): string {
  if (env["REGISTRY_AUTH_FILE"]) return env["REGISTRY_AUTH_FILE"];
  return join(env["DOCKER_CONFIG"] || join(env["HOME"] || homedir(), ".docker"), "config.json");
}

/** Asks the files and the helpers that they name. */
export function dockerConfigCredentials(env: NodeJS.ProcessEnv): CredentialSource {
  let files: Promise<{ path: string; config: DockerConfig }[]> | undefined;
  async function load() {
    const read = await Promise.all(
      authFiles(env).map(async (path) => ({ path, config: await readDockerConfig(path) })),
    );
    return read.filter((file): file is { path: string; config: DockerConfig } => file.config !== undefined);
  }
  return {
    async find(registry, repository) {
      files ??= load();
      for (const { path, config } of await files) {
        const found = await lookUp(config, path, registry, repository, env);
        if (found) return found;
      }
      return undefined;
    },
  };
}

async function lookUp(
  config: DockerConfig,
  path: string,
  registry: string,
  repository: string,
  env: NodeJS.ProcessEnv,
): Promise<FoundCredential | undefined> {
  const hosts =
    registry === "docker.io" ? [DOCKER_HUB_KEY, "docker.io", "index.docker.io", "registry-1.docker.io"] : [registry];
  const helpers = config.credHelpers ?? {};
  for (const key of keysFor(Object.keys(helpers), hosts, "")) {
    const helper = helpers[key];
    const found = helper ? await askHelper(helper, [key, ...hosts], env) : undefined;
    if (found) return found;
  }
  // Entries in the file itself come before the store: `docker login` leaves an empty entry there when it uses a store.
  for (const key of keysFor(Object.keys(config.auths ?? {}), hosts, repository)) {
    const credential = fromEntry(config.auths?.[key] ?? {}, path);
    if (credential) return { credential, from: path };
  }
  return config.credsStore ? askHelper(config.credsStore, hosts, env) : undefined;
}

/** A helper knows a login by the very text that it was stored under: where that is a URL, the helper's list tells it. */
async function askHelper(
  helper: string,
  servers: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<FoundCredential | undefined> {
  const from = `docker-credential-${helper}`;
  const credential = await getFromHelper(helper, servers[0] as string, env);
  if (credential) return { credential, from };
  for (const key of await otherServers(helper, servers, env)) {
    const other = await getFromHelper(helper, key, env);
    if (other) return { credential: other, from };
  }
  return undefined;
}

/** Under which other texts a helper keeps logins of the same servers. */
export async function otherServers(
  helper: string,
  servers: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string[]> {
  const names = servers.map(bareHost);
  return (await listOfHelper(helper, env)).filter((key) => key !== servers[0] && names.includes(bareHost(key)));
}

/** Those of the keys that apply: the longest path first, then the host in the forms that tools have written it in. */
function keysFor(present: readonly string[], hosts: readonly string[], repository: string): string[] {
  const keys: string[] = [];
  for (const host of hosts) {
    const parts = repository.split("/");
    for (let length = parts.length; length > 0; length--) {
      const key = `${host}/${parts.slice(0, length).join("/")}`;
      if (present.includes(key)) keys.push(key);
    }
    keys.push(...present.filter((key) => key === host || bareHost(key) === host));
  }
  return keys;
}

/** `https://host:port/v1/` → `host:port`; what has a path of its own is a path key, not a host. */
function bareHost(key: string): string {
  return key.replace(/^https?:\/\//, "").replace(/\/(?:v[12]\/?)?$/, "");
}

function fromEntry(entry: AuthEntry, path: string): Credential | undefined {
  if (entry.identitytoken) return { kind: "identity-token", token: entry.identitytoken };
  if (entry.registrytoken) return { kind: "registry-token", token: entry.registrytoken };
  if (entry.username && entry.password !== undefined) {
    return { kind: "password", username: entry.username, password: entry.password };
  }
  if (!entry.auth) return undefined;
  if (typeof entry.auth !== "string") throw authInvalid(path);
  const pair = Buffer.from(entry.auth, "base64").toString("utf8").replace(/\0+$/, "");
  const colon = pair.indexOf(":");
  if (colon < 0) throw authInvalid(path);
  return { kind: "password", username: pair.slice(0, colon), password: pair.slice(colon + 1) };
}

function authInvalid(path: string): KnbuildError {
  return new KnbuildError({
    code: "AUTH_FILE_INVALID",
    message: "an `auth` entry is not base64 of user:password",
    where: path,
    hint: "Log in again.",
  });
}

/** @returns undefined when the file does not exist. @throws AUTH_FILE_INVALID */
export async function readDockerConfig(path: string): Promise<DockerConfig | undefined> {
  let text: string;
  try {
    // A few bytes are there before a thread could be asked for them.
    text = readFileSync(path, "utf8");
  } catch (error) {
    const code = errnoCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new KnbuildError({
      code: "AUTH_FILE_UNREADABLE",
      message: `the file with the registry logins cannot be read (${code})`,
      where: path,
      cause: error,
    });
  }
  if (text.trim() === "") return {};
  try {
    const value = JSON.parse(text) as unknown;
    if (value === null || typeof value !== "object" || Array.isArray(value)) throw new SyntaxError("not an object");
    return value as DockerConfig;
  } catch {
    // The parser's own message quotes the text, and with it perhaps a password.
    throw new KnbuildError({
      code: "AUTH_FILE_INVALID",
      message: "the file with the registry logins is not valid JSON",
      where: path,
      hint: "Repair it or remove it and log in again.",
    });
  }
}

/** Changes the file in one step: readable by its owner only, never half written, links followed. */
export async function updateDockerConfig(path: string, change: (config: DockerConfig) => void): Promise<void> {
  const target = existsSync(path) ? await realpath(path) : path;
  const config = (await readDockerConfig(target)) ?? {};
  change(config);
  makeDirectory(dirname(target), 0o700);
  replaceFile(target, `${JSON.stringify(config, null, "\t")}\n`, 0o600);
}
