/** Real registries for the tests: Debian's docker-registry in every shape that its configuration allows. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";

export interface DockerRegistryOptions {
  /** `user:bcrypt-hash` lines. */
  htpasswd?: string;
  token?: { realm: string; service: string; issuer: string; certFile: string };
  tls?: { certFile: string; keyFile: string; clientCaFile?: string };
  /** `ADDRESS:PORT`; default a free port of the loopback. */
  listen?: string;
  /** Pull-through cache of this URL. */
  proxyOf?: string;
  /** The program and its name for the config: `docker-registry` unless another build is tried. */
  program?: string;
}

export interface DockerRegistry {
  /** `127.0.0.1:PORT` */
  host: string;
  url: string;
  dir: string;
  /** The access log so far: `METHOD path status`. */
  log(): { method: string; path: string; status: number; written: number }[];
  close(): Promise<void>;
}

export async function startDockerRegistry(options: DockerRegistryOptions = {}): Promise<DockerRegistry> {
  const dir = mkdtempSync(join(tmpdir(), "knbuild-docker-registry-"));
  const host = options.listen ?? `127.0.0.1:${await freePort()}`;
  const lines = [
    "version: 0.1",
    "log: { accesslog: { disabled: false }, level: error }",
    "storage:",
    `  filesystem: { rootdirectory: ${dir}/data, maxthreads: 100 }`,
    "  delete: { enabled: true }",
    "http:",
    `  addr: ${host}`,
  ];
  if (options.tls) {
    lines.push("  tls:", `    certificate: ${options.tls.certFile}`, `    key: ${options.tls.keyFile}`);
    if (options.tls.clientCaFile) lines.push(`    clientcas: [${options.tls.clientCaFile}]`);
  }
  if (options.htpasswd) {
    writeFileSync(join(dir, "htpasswd"), options.htpasswd);
    lines.push("auth:", `  htpasswd: { realm: test, path: ${dir}/htpasswd }`);
  }
  if (options.token) {
    const { realm, service, issuer, certFile } = options.token;
    lines.push("auth:", "  token:", `    realm: ${realm}`, `    service: ${service}`);
    lines.push(`    issuer: ${issuer}`, `    rootcertbundle: ${certFile}`);
  }
  if (options.proxyOf) lines.push(`proxy: { remoteurl: "${options.proxyOf}" }`);
  writeFileSync(join(dir, "config.yml"), `${lines.join("\n")}\n`);

  const child = spawn(options.program ?? "docker-registry", ["serve", join(dir, "config.yml")], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], OTEL_TRACES_EXPORTER: "none" },
  });
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (output += text));
  const url = `${options.tls ? "https" : "http"}://${host}`;
  await listening(host, child, () => output);
  return {
    host,
    url,
    dir,
    log: () =>
      [...output.matchAll(/"([A-Z]+) (\S+) HTTP\/1\.[01]" (\d{3}) (\d+)/g)].map(
        ([, method = "", path = "", status, written]) => ({
          method,
          path,
          status: Number(status),
          written: Number(written),
        }),
      ),
    async close() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      // Its orderly end takes half a minute.
      child.kill("SIGKILL");
      await gone;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function listening(host: string, child: ChildProcess, output: () => string): Promise<void> {
  const { connect } = await import("node:net");
  const [address, port] = host.split(":") as [string, string];
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) throw new Error(`the registry ended with ${child.exitCode}: ${output()}`);
    const up = await new Promise<boolean>((resolve) => {
      const socket = connect(Number(port), address, () => {
        socket.destroy();
        resolve(true);
      }).on("error", () => resolve(false));
    });
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`the registry does not answer: ${output()}`);
}
