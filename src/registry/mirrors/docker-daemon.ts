/** What Docker's daemon.json says of registries: mirrors of Docker Hub, and which registries are insecure. */
import { readFileSync } from "node:fs";
import { BlockList, isIP } from "node:net";
import { join } from "node:path";
import { addRange } from "../../base/address-range.ts";
import { hostnameOf } from "../hosts.ts";
import type { MachinePaths } from "./machine.ts";
import { INSECURE, type MirrorRule, mirrorOf } from "./rules.ts";

/** `insecure-registries` of one file. */
export interface DockerInsecure {
  from: string;
  /** As references write them: one without a port means that of HTTPS alone. */
  hosts: ReadonlySet<string>;
  /** Of addresses; undefined: none. */
  ranges: BlockList | undefined;
}

interface DaemonConfig {
  "registry-mirrors"?: unknown;
  "insecure-registries"?: unknown;
}

export function dockerDaemonRules(paths: MachinePaths): MirrorRule[] {
  return daemonConfigs(paths).flatMap(({ file, config }) => {
    const urls = strings(config["registry-mirrors"]).filter(isMirrorUrl);
    if (urls.length === 0) return [];
    const insecure = insecureOf(file, config);
    const mirrors = urls.map((url) => {
      const mirror = mirrorOf(url, file);
      return saysOf(insecure, mirror.host) ? { ...mirror, reached: INSECURE.reached } : mirror;
    });
    return [{ prefix: "docker.io", mirrors, strict: false, from: file, tool: "docker" }];
  });
}

/** The files that call registries insecure. */
export function dockerInsecure(paths: MachinePaths): DockerInsecure[] {
  return daemonConfigs(paths)
    .map(({ file, config }) => insecureOf(file, config))
    .filter(({ hosts, ranges }) => hosts.size > 0 || ranges !== undefined);
}

/**
 * Does it call this registry insecure? As Docker does: by the very text, else by the addresses that its name stands for.
 * @param host `name[:port]`
 */
export async function isInsecureForDocker(insecure: DockerInsecure, host: string): Promise<boolean> {
  if (saysOf(insecure, host)) return true;
  const name = hostnameOf(host).replace(/^\[|\]$/g, "");
  if (!insecure.ranges || isIP(name)) return false;
  const { lookup } = await import("node:dns/promises");
  const found = await lookup(name, { all: true }).catch(() => []);
  return found.some(({ address }) => inRanges(insecure, address));
}

function saysOf(insecure: DockerInsecure, host: string): boolean {
  return insecure.hosts.has(host) || inRanges(insecure, hostnameOf(host).replace(/^\[|\]$/g, ""));
}

function inRanges({ ranges }: DockerInsecure, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && ranges !== undefined && ranges.check(address, family === 6 ? "ipv6" : "ipv4");
}

function insecureOf(file: string, config: DaemonConfig): DockerInsecure {
  const list = new BlockList();
  const hosts = new Set<string>();
  for (const text of strings(config["insecure-registries"])) {
    const entry = text.replace(/^https?:\/\//i, "").replace(/\/+$/, "");
    if (!addRange(list, entry)) hosts.add(entry);
  }
  return { from: file, hosts, ranges: list.rules.length > 0 ? list : undefined };
}

/** A broken file is Docker's trouble, not a reason to refuse a build. */
function daemonConfigs({ etc, env }: MachinePaths): { file: string; config: DaemonConfig }[] {
  const files = [join(etc, "docker/daemon.json")];
  const home = env["HOME"];
  if (home) files.push(join(home, ".config/docker/daemon.json"), join(home, ".docker/daemon.json"));
  return files.flatMap((file) => {
    try {
      const config: unknown = JSON.parse(readFileSync(file, "utf8"));
      return config !== null && typeof config === "object" ? [{ file, config }] : [];
    } catch {
      return [];
    }
  });
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

/** Docker takes no other scheme, and no login in it. */
function isMirrorUrl(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username === "" && password === "";
}
