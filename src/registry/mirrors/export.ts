/** The same mirrors for other tools: Docker's daemon.json, containerd's hosts.toml, containers' registries.conf. */
import { isLoopback } from "../../base/loopback.ts";
import { createHosts, type HostOptions, hostnameOf } from "../hosts.ts";
import type { Mirror, MirrorRule } from "./rules.ts";

export interface ExportedFile {
  /** Where it belongs. */
  path: string;
  content: string;
}

export type MirrorTool = "docker" | "containerd" | "podman";

/** The rules with what was said of their mirrors' hosts on the command line, which no tool's file would know of. */
export function asTold(rules: readonly MirrorRule[], told: Pick<HostOptions, "plainHttp" | "insecure">): MirrorRule[] {
  const hosts = createHosts(told);
  const reached = (mirror: Mirror): Mirror => {
    const url = new URL(urlOf(mirror));
    if (hosts.scheme(url.host) === "http") url.protocol = "http:";
    const { insecure } = hosts.tls(url.host, mirror.reached?.tls);
    const tls = { ...mirror.reached?.tls, ...(insecure && { insecure }) };
    return { ...mirror, baseUrl: url, reached: { ...mirror.reached, tls } };
  };
  return rules.map((rule) => ({ ...rule, mirrors: rule.mirrors.map(reached) }));
}

/** What a tool's files cannot say, in sentences for people. */
export function leftOut(tool: MirrorTool, rules: readonly MirrorRule[]): string[] {
  return merged(rules).flatMap((rule) => {
    if (tool === "containerd") {
      return ofOneRegistry(rule) ? [] : [`${rule.prefix}: containerd has mirrors of whole registries only`];
    }
    if (tool === "podman") return rule.prefix === "*" ? ["*: podman has no mirrors of every registry"] : [];
    if (rule.prefix !== "docker.io") return [`${rule.prefix}: Docker has mirrors of Docker Hub only`];
    const below = rule.mirrors
      .filter((mirror) => !forDocker(mirror))
      .map((mirror) => `${urlOf(mirror).host}: Docker takes no mirror with a path`);
    return rule.strict ? [...below, "strict: Docker asks Docker Hub when no mirror has an answer"] : below;
  });
}

/** daemon.json knows mirrors of Docker Hub only; others are left out. */
export function toDaemonJson(rules: readonly MirrorRule[]): ExportedFile {
  const hub = merged(rules).filter((rule) => rule.prefix === "docker.io");
  const mirrors = hub.flatMap((rule) => rule.mirrors.filter(forDocker));
  const unchecked = mirrors.filter((mirror) => mirror.reached?.tls?.insecure).map((mirror) => urlOf(mirror).host);
  const config = {
    "registry-mirrors": [...new Set(mirrors.map((mirror) => urlOf(mirror).origin))],
    ...(unchecked.length > 0 && { "insecure-registries": [...new Set(unchecked)] }),
  };
  return { path: "/etc/docker/daemon.json", content: `${JSON.stringify(config, null, 2)}\n` };
}

/**
 * One hosts.toml for each registry; containerd knows no prefixes of repositories. It asks `server` last, and the registry
 * itself where there is none: of a strict rule the last mirror takes that place.
 */
export function toHostsToml(rules: readonly MirrorRule[]): ExportedFile[] {
  return merged(rules)
    .filter(ofOneRegistry)
    .map((rule) => {
      const last = rule.strict ? rule.mirrors.at(-1) : undefined;
      const origin = rule.prefix === "docker.io" ? "https://registry-1.docker.io" : `https://${rule.prefix}`;
      const server = last ? [`server = ${quote(apiUrl(last))}`, ...hostLines(last)] : [`server = ${quote(origin)}`];
      // What is for every registry names none: each is asked itself in the end.
      const lines = rule.prefix === "*" && !last ? [] : [...server, ""];
      for (const mirror of last ? rule.mirrors.slice(0, -1) : rule.mirrors) {
        lines.push(`[host.${quote(apiUrl(mirror))}]`, ...hostLines(mirror).map((line) => `  ${line}`), "");
      }
      const directory = rule.prefix === "*" ? "_default" : rule.prefix;
      return { path: `/etc/containerd/certs.d/${directory}/hosts.toml`, content: lines.join("\n") };
    });
}

export function toRegistriesConf(rules: readonly MirrorRule[]): ExportedFile {
  const lines: string[] = [];
  for (const rule of merged(rules).filter(({ prefix }) => prefix !== "*")) {
    const at = (mirror: Mirror) => {
      const below = rule.prefix.includes("/") ? rule.prefix.slice(rule.prefix.indexOf("/") + 1) : "";
      return [mirror.host, pathOf(mirror), below].filter(Boolean).join("/");
    };
    const last = rule.strict ? rule.mirrors.at(-1) : undefined;
    lines.push("[[registry]]", `prefix = ${quote(rule.prefix)}`);
    // `*.example.com` is a prefix, but no place.
    if (last || !rule.prefix.startsWith("*")) lines.push(`location = ${quote(last ? at(last) : rule.prefix)}`);
    if (last && isPlain(last)) lines.push("insecure = true");
    for (const mirror of last ? rule.mirrors.slice(0, -1) : rule.mirrors) {
      lines.push("", "[[registry.mirror]]", `location = ${quote(at(mirror))}`);
      if (isPlain(mirror)) lines.push("insecure = true");
      if (!mirror.resolvesTags) lines.push('pull-from-mirror = "digest-only"');
    }
    lines.push("");
  }
  return { path: "/etc/containers/registries.conf.d/knbuild.conf", content: lines.join("\n") };
}

/** One rule a prefix, as reading applies them: the project's mirrors, then the machine's, unless the project is strict. */
function merged(rules: readonly MirrorRule[]): MirrorRule[] {
  const byPrefix = new Map<string, MirrorRule>();
  for (const rule of rules) {
    const before = byPrefix.get(rule.prefix);
    if (before?.strict) continue;
    const mirrors = new Map<string, Mirror>();
    for (const mirror of [...(before?.mirrors ?? []), ...rule.mirrors]) {
      const isItself = mirror.host === rule.prefix && pathOf(mirror) === "";
      if (!isItself && !mirrors.has(apiUrl(mirror))) mirrors.set(apiUrl(mirror), mirror);
    }
    byPrefix.set(rule.prefix, { ...rule, mirrors: [...mirrors.values()] });
  }
  return [...byPrefix.values()].filter((rule) => rule.mirrors.length > 0);
}

function ofOneRegistry(rule: MirrorRule): boolean {
  return !rule.prefix.includes("/") && !rule.prefix.startsWith("*.");
}

function forDocker(mirror: Mirror): boolean {
  return urlOf(mirror).pathname === "/" && pathOf(mirror) === "";
}

/** What comes before the repository at the mirror. */
function pathOf(mirror: Mirror): string {
  return mirror.repositoryFor("x").replace(/\/?x$/, "");
}

/** containerd's name of a mirror: a path before the repository can only be written as a path of the API. */
function apiUrl(mirror: Mirror): string {
  const url = urlOf(mirror);
  if (mirror.bareApi) return url.href.replace(/\/$/, "");
  return pathOf(mirror) === "" ? url.href.replace(/\/$/, "") : `${url.href}v2/${pathOf(mirror)}`;
}

function hostLines(mirror: Mirror): string[] {
  const { caFiles, clients, insecure } = mirror.reached?.tls ?? {};
  const connectMs = mirror.reached?.connectMs;
  const pairs = clients?.map(({ certFile, keyFile }) => `[${quote(certFile)}, ${quote(keyFile)}]`);
  return [
    `capabilities = [${mirror.resolvesTags ? '"pull", "resolve"' : '"pull"'}]`,
    ...(pathOf(mirror) === "" && !mirror.bareApi ? [] : ["override_path = true"]),
    ...(caFiles ? [`ca = [${caFiles.map(quote).join(", ")}]`] : []),
    ...(pairs ? [`client = [${pairs.join(", ")}]`] : []),
    ...(insecure ? ["skip_verify = true"] : []),
    ...(connectMs ? [`dial_timeout = ${quote(`${connectMs}ms`)}`] : []),
  ];
}

function urlOf(mirror: Mirror): URL {
  // The tools' own "insecure" begins with TLS, too; what is found out by asking on this machine is mostly plain.
  const isTls = mirror.mayBePlain && !isLoopback(hostnameOf(mirror.host));
  return mirror.baseUrl ?? new URL(`${isTls ? "https" : "http"}://${mirror.host}/`);
}

function isPlain(mirror: Mirror): boolean {
  return urlOf(mirror).protocol === "http:" || mirror.reached?.tls?.insecure === true;
}

/** A TOML basic string; JSON's escapes are a subset of TOML's. */
function quote(text: string): string {
  return JSON.stringify(text);
}
