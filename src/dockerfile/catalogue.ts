/** What is known about public base images without asking a registry: a dated table in templates/catalogue. */
import { readFileSync } from "node:fs";
import { templatePath } from "../base/package-root.ts";
import { splitImageName } from "./image-name.ts";

export interface BaseImageFacts {
  /** Repository as the table names it: `node`, `gcr.io/distroless/static`. */
  name: string;
  kind: "os" | "runtime" | "minimal" | "server" | "database";
  /** Runs on linux/amd64. */
  amd64: boolean;
  windows: boolean;
  libc: "glibc" | "musl" | "none" | undefined;
  shell: boolean;
  /** Default user; `root` where none is set. */
  user: string;
  /** It sets ENTRYPOINT or CMD to something that serves. */
  serves: boolean;
  /** Variables it sets (values are left out where they change with every release). */
  env: Readonly<Record<string, string>>;
  /** Named users and their ids. */
  users: Readonly<Record<string, string>>;
  /** End of life of the version in use, `2023-06-27`; undefined: not over, or not known. */
  endOfLife: string | undefined;
  /** The version line the date belongs to. */
  cycle: string | undefined;
  /** What to use instead. */
  successor: string | undefined;
}

interface Entry {
  names: string[];
  kind: BaseImageFacts["kind"];
  amd64?: boolean;
  windows?: boolean;
  libc?: "glibc" | "musl" | "none";
  shell?: boolean;
  user?: string;
  serves?: boolean;
  env?: string[];
  users?: Record<string, string>;
  /** Version line → end of life. Longest matching line wins. */
  cycles?: Record<string, string>;
  successor?: string;
  /** Lines by code name: `bullseye` → `11`. */
  codenames?: Record<string, string>;
}

interface Catalogue {
  /** Day the table was made. */
  date: string;
  images: Entry[];
}

let byName: Map<string, Entry> | undefined;
let catalogueDate = "";

function entries(): Map<string, Entry> {
  if (byName) return byName;
  const catalogue = JSON.parse(readFileSync(templatePath("catalogue", "images.json"), "utf8")) as Catalogue;
  catalogueDate = catalogue.date;
  byName = new Map(catalogue.images.flatMap((entry) => entry.names.map((name) => [name, entry] as const)));
  return byName;
}

/** Day of the table, `2026-11-01`. */
export function baseImageCatalogueDate(): string {
  entries();
  return catalogueDate;
}

/** Official names, Docker Hub's prefixes taken away. */
export function normalizeImage(image: string): { name: string; tag: string | undefined; digest: string | undefined } {
  const local = /^(localhost(?::\d+)?|[^/]+:\d+)\/(.+)$/.exec(image);
  const { registry = local?.[1], name, tag, digest } = splitImageName(local?.[2] ?? image);
  const host = registry?.replace(/^(?:index|registry-1)\.docker\.io$/, "docker.io");
  const path = host === undefined || host === "docker.io" ? name.replace(/^library\//, "") : `${host}/${name}`;
  return { name: path, tag, digest };
}

export function findBaseImage(image: string): BaseImageFacts | undefined {
  const { name, tag } = normalizeImage(image);
  if (name === "scratch") return undefined;
  const table = entries();
  let entry = table.get(name);
  for (let at = name.lastIndexOf("/"); !entry && at > 0; at = name.lastIndexOf("/", at - 1)) {
    entry = table.get(`${name.slice(0, at)}/*`);
  }
  if (!entry) return undefined;
  const cycle = findCycle(entry, tag);
  const tagText = tag ?? "";
  const distroless = /(?:^|[-.])nonroot\b/.test(tagText);
  return {
    name,
    kind: entry.kind,
    amd64: entry.amd64 ?? true,
    windows: (entry.windows ?? false) || /(?:nanoserver|windowsservercore)/.test(tagText),
    libc: /alpine/.test(tagText) ? "musl" : entry.libc,
    shell: entry.shell ?? true,
    user: distroless ? "65532" : (entry.user ?? "root"),
    serves: entry.serves ?? false,
    env: Object.fromEntries((entry.env ?? []).map((key) => [key, ""])),
    users: entry.users ?? {},
    endOfLife: cycle && entry.cycles?.[cycle],
    cycle,
    successor: entry.successor,
  };
}

function findCycle(entry: Entry, tag: string | undefined): string | undefined {
  if (!entry.cycles) return undefined;
  if (!tag) return entry.cycles["latest"] && "latest";
  const version = /^v?(\d+(?:\.\d+)*)/.exec(tag)?.[1];
  if (version) {
    for (let parts = version.split("."); parts.length > 0; parts = parts.slice(0, -1)) {
      const line = parts.join(".");
      if (entry.cycles[line]) return line;
    }
  }
  for (const word of tag.split("-")) {
    const line = entry.codenames?.[word] ?? word;
    if (entry.cycles[line]) return line;
  }
  return undefined;
}
