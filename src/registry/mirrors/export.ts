/** The same mirrors for other tools: Docker's daemon.json, containerd's hosts.toml, containers' registries.conf. */
import type { MirrorRule } from "./rules.ts";

export interface ExportedFile {
  /** Where it belongs. */
  path: string;
  content: string;
}

/** daemon.json knows mirrors of Docker Hub only; others are left out. */
export function toDaemonJson(rules: readonly MirrorRule[]): ExportedFile {
  const hub = rules.filter((rule) => rule.prefix === "docker.io").flatMap((rule) => rule.mirrors);
  const config: Record<string, unknown> = {
    "registry-mirrors": [...new Set(hub.map((mirror) => urlOf(mirror).origin))],
  };
  return { path: "/etc/docker/daemon.json", content: `${JSON.stringify(config, null, 2)}\n` };
}

/** One hosts.toml for each registry; containerd knows no prefixes of repositories. */
export function toHostsToml(rules: readonly MirrorRule[]): ExportedFile[] {
  return rules
    .filter((rule) => !rule.prefix.includes("/") && !rule.prefix.startsWith("*"))
    .map((rule) => {
      const server = rule.prefix === "docker.io" ? "https://registry-1.docker.io" : `https://${rule.prefix}`;
      const lines = rule.strict ? [] : [`server = ${quote(server)}`, ""];
      for (const mirror of rule.mirrors) {
        const prefix = mirror.repositoryFor("x").replace(/\/?x$/, "");
        const url = urlOf(mirror);
        // A path before the repository can only be written as a path of the API.
        const target = prefix === "" ? url.href.replace(/\/$/, "") : `${url.href}v2/${prefix}`;
        lines.push(`[host.${quote(target)}]`, '  capabilities = ["pull", "resolve"]');
        if (prefix !== "") lines.push("  override_path = true");
        if (mirror.caFile) lines.push(`  ca = ${quote(mirror.caFile)}`);
        lines.push("");
      }
      return { path: `/etc/containerd/certs.d/${rule.prefix}/hosts.toml`, content: lines.join("\n") };
    });
}

export function toRegistriesConf(rules: readonly MirrorRule[]): ExportedFile {
  const lines: string[] = [];
  for (const rule of rules) {
    const at = (mirror: (typeof rule.mirrors)[number]) => {
      const prefix = mirror.repositoryFor("x").replace(/\/?x$/, "");
      const below = rule.prefix.includes("/") ? rule.prefix.slice(rule.prefix.indexOf("/") + 1) : "";
      return [mirror.host, prefix, below].filter(Boolean).join("/");
    };
    const [last] = rule.mirrors.slice(-1);
    lines.push("[[registry]]", `prefix = ${quote(rule.prefix)}`);
    lines.push(`location = ${quote(rule.strict && last ? at(last) : rule.prefix)}`);
    if (rule.strict && last && isPlain(last)) lines.push("insecure = true");
    for (const mirror of rule.strict ? rule.mirrors.slice(0, -1) : rule.mirrors) {
      lines.push("", "[[registry.mirror]]", `location = ${quote(at(mirror))}`);
      if (isPlain(mirror)) lines.push("insecure = true");
    }
    lines.push("");
  }
  return { path: "/etc/containers/registries.conf.d/knbuild.conf", content: lines.join("\n") };
}

type RuleMirror = MirrorRule["mirrors"][number];

function urlOf(mirror: RuleMirror): URL {
  return mirror.baseUrl ?? new URL(`http://${mirror.host}/`);
}

function isPlain(mirror: RuleMirror): boolean {
  return urlOf(mirror).protocol === "http:" || mirror.insecure === true;
}

/** A TOML basic string; JSON's escapes are a subset of TOML's. */
function quote(text: string): string {
  return JSON.stringify(text);
}
