/** npm's own configuration, as its fetcher wants it: registry, certificates, proxies, credentials. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const NPM_TIMEOUT_MS = 30_000;

/**
 * Asks npm itself, because its answer depends on where npm is installed; credentials, which npm does not tell, come from
 * the same files. Without npm: the files of the user and the project, and `npm_config_*`.
 */
export async function readNpmConfig(cwd: string, env: NodeJS.ProcessEnv): Promise<Record<string, unknown>> {
  const config = await askNpm(cwd, env);
  const files = [
    text(config["globalconfig"]),
    text(config["userconfig"]) ?? env["npm_config_userconfig"] ?? join(homedir(), ".npmrc"),
    join(cwd, ".npmrc"),
  ];
  const fromFiles: Record<string, string> = {};
  for (const file of files) if (file) Object.assign(fromFiles, parseNpmrc(file, env));
  const get = (name: string) => {
    const value = config[name] ?? env[`npm_config_${name.replaceAll("-", "_")}`] ?? fromFiles[name];
    return value === null || value === "" ? undefined : value;
  };
  const cafile = text(get("cafile"));
  const cache = text(get("cache")) ?? join(homedir(), ".npm");
  const options: Record<string, unknown> = {
    ...Object.fromEntries(Object.entries(fromFiles).filter(([name]) => name.startsWith("//"))),
    registry: get("registry"),
    ca: cafile ? certificates(cafile) : get("ca"),
    cert: get("cert"),
    key: get("key"),
    proxy: get("proxy"),
    httpsProxy: get("https-proxy"),
    noProxy: get("noproxy"),
    strictSSL: get("strict-ssl") === false || get("strict-ssl") === "false" ? false : undefined,
    offline: get("offline") === true || undefined,
    preferOffline: get("prefer-offline") === true || undefined,
    before: before(get("before")),
    cache: join(cache, "_cacache"),
    timeout: Number(get("fetch-timeout")) || undefined,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

async function askNpm(cwd: string, env: NodeJS.ProcessEnv): Promise<Record<string, unknown>> {
  try {
    const { stdout } = await promisify(execFile)("npm", ["config", "ls", "-l", "--json"], {
      cwd,
      env,
      timeout: NPM_TIMEOUT_MS,
      maxBuffer: 8 << 20,
      shell: process.platform === "win32",
    });
    return JSON.parse(stdout) as Record<string, unknown>;
  } catch {
    // npm is missing or broken: what the files say is all there is.
    return {};
  }
}

/** ini, as far as npm uses it: `name = value`, quotes, `;` and `#` comments, `${VARIABLE}`. */
function parseNpmrc(file: string, env: NodeJS.ProcessEnv): Record<string, string> {
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch {
    return {};
  }
  const values: Record<string, string> = {};
  for (const line of content.split(/\r?\n/)) {
    const match = /^\s*([^;#=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
    if (!match) continue;
    const [, name = "", raw = ""] = match;
    const unquoted = raw.replace(/^(["'])(.*)\1$/, "$2");
    values[name] = unquoted.replace(
      /\$\{([^}?]+)(\?)?\}/g,
      (whole, variable, optional) => env[variable] ?? (optional ? "" : whole),
    );
  }
  return values;
}

function certificates(cafile: string): string[] | undefined {
  try {
    return (
      readFileSync(cafile, "utf8").match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? undefined
    );
  } catch {
    return undefined;
  }
}

function before(value: unknown): Date | undefined {
  const date = typeof value === "string" ? new Date(value) : undefined;
  return date && !Number.isNaN(date.getTime()) ? date : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
