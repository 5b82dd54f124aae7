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
  /** What the date belongs to: `node 16`, or what lies below (`debian 9` of `node:22-stretch`). */
  release: string | undefined;
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
  /** Version line → end of life. Longest matching line wins; `*` is the whole repository. */
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

/** Other registries that hold Docker Hub's official images. */
const COPIES = /^(?:public\.ecr\.aws\/docker|mirror\.gcr\.io)\/library\//;

/** Official names, Docker Hub's prefixes taken away. */
export function normalizeImage(image: string): { name: string; tag: string | undefined; digest: string | undefined } {
  const local = /^(localhost(?::\d+)?|[^/]+:\d+)\/(.+)$/.exec(image);
  const { registry = local?.[1], name, tag, digest } = splitImageName(local?.[2] ?? image);
  const host = registry?.replace(/^(?:index|registry-1)\.docker\.io$/, "docker.io");
  const path = host === undefined || host === "docker.io" ? name.replace(/^library\//, "") : `${host}/${name}`;
  return { name: path.replace(COPIES, ""), tag, digest };
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
  const release = firstToEnd(name, tag, entry);
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
    endOfLife: release?.endOfLife,
    release: release && `${release.name} ${release.cycle}`.replace(/ [*]$/, ""),
    successor: release ? release.successor : entry.successor,
  };
}

interface Release {
  name: string;
  cycle: string;
  endOfLife: string;
  successor: string | undefined;
}

/** An image lives as long as the first of its parts: its own version line, the distribution it is made of. */
function firstToEnd(name: string, tag: string | undefined, entry: Entry): Release | undefined {
  const releases = [release(name, entry, tag)];
  if (entry.kind !== "os") {
    // `-slim-bookworm`, `-alpine3.12`; of distroless the name says it: `nodejs16-debian11`.
    for (const word of `${name.slice(name.lastIndexOf("/") + 1)}-${tag ?? ""}`.split("-")) {
      const [, system = "", version] = /^(alpine|debian|ubuntu|nodejs)(\d+(?:\.\d+)*)$/.exec(word) ?? [];
      const below = system.replace("nodejs", "node");
      if (version !== undefined) releases.push(release(below, byName?.get(below), version));
      else if (/^[a-z]+$/.test(word)) {
        for (const family of ["debian", "ubuntu"]) {
          const line = byName?.get(family)?.codenames?.[word];
          if (line && !word.startsWith("old")) releases.push(release(family, byName?.get(family), line));
        }
      }
    }
    if (name === "gcr.io/distroless/nodejs") releases.push(release("node", byName?.get("node"), tag));
  }
  const [first] = releases
    .filter((one) => one !== undefined)
    .sort((a, b) => (a.endOfLife < b.endOfLife ? -1 : a.endOfLife > b.endOfLife ? 1 : 0));
  return first;
}

function release(name: string, entry: Entry | undefined, tag: string | undefined): Release | undefined {
  const cycle = entry && findCycle(entry, tag);
  const endOfLife = cycle === undefined ? undefined : entry?.cycles?.[cycle];
  return cycle === undefined || endOfLife === undefined
    ? undefined
    : { name, cycle, endOfLife, successor: entry?.successor };
}

function findCycle(entry: Entry, tag: string | undefined): string | undefined {
  if (!entry.cycles) return undefined;
  if (entry.cycles["*"]) return "*";
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
