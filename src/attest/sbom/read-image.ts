/** Reads what is inside an image out of its layers: Debian packages, npm packages, Node.js, and the record of the bundle. */
import { createHash } from "node:crypto";
import { extract, type Header } from "tar-stream";
import type { ByteStream } from "../../base/streams.ts";
import type { Image } from "../../oci/image.ts";
import { formatPlatform } from "../../oci/platform.ts";
import { COMPOSITION_PATH, parseComposition } from "./composition.ts";
import { debianPackages, type NpmManifest, nodeRuntime, npmPackage, parseDpkgStatus } from "./packages.ts";
import type { SbomInput, SbomPackage } from "./types.ts";

/** Files that are read whole; anything larger of these names is passed over. */
const TEXT_LIMIT = 4 * 1024 * 1024;

const NPM_MANIFEST = /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/;
const NODE_BINARY = /(?:^|\/)bin\/node$/;
const NODE_BINARY_MIN = 10 * 1024 * 1024;
/** Every release of Node.js carries the address of its own headers. */
const NODE_RELEASE = /\/node-v(\d+\.\d+\.\d+(?:-[0-9A-Za-z.]+)?)-headers\.tar/;

function isText(path: string): boolean {
  return (
    path === COMPOSITION_PATH ||
    path === "var/lib/dpkg/status" ||
    (path.startsWith("var/lib/dpkg/status.d/") && !path.endsWith(".md5sums")) ||
    path === "usr/lib/os-release" ||
    path === "etc/os-release" ||
    /^usr\/share\/doc\/[^/]+\/copyright$/.test(path) ||
    NPM_MANIFEST.test(path)
  );
}

type Found = { text: string } | { link: string } | { node: { version: string; sha256: string } };

export interface ReadImageOptions {
  /** Reference without tag. */
  name: string;
  tool: string;
  createdEpoch?: number;
}

/** Opens every layer once, bottom first; whiteouts of later layers take away what earlier ones brought (layer.md). */
export async function readImage(image: Image, options: ReadImageOptions): Promise<SbomInput> {
  const files = new Map<string, Found>();
  for (const layer of await image.layers()) await readLayer(layer.openUncompressed(), files);
  const config = await image.config();
  const os = readOs(files);
  const texts = (test: (path: string) => boolean) =>
    [...files].flatMap(([path, found]) => ("text" in found && test(path) ? [{ path, text: found.text }] : []));

  const debian = texts((path) => path.startsWith("var/lib/dpkg/status")).flatMap(({ text }) => parseDpkgStatus(text));
  const copyright = new Map<string, string>();
  for (const { path, text } of texts((path) => path.startsWith("usr/share/doc/"))) {
    copyright.set(path.split("/")[3]!, text);
  }
  const composition = texts((path) => path === COMPOSITION_PATH).flatMap(({ text }) => parseComposition(text));
  const packages: SbomPackage[] = [
    ...composition,
    ...npmPackages(files),
    ...debianPackages(debian, copyright, os),
    ...[...files.values()].flatMap((found) =>
      "node" in found ? [nodeRuntime(found.node.version, found.node.sha256)] : [],
    ),
  ];
  return {
    name: options.name,
    digest: image.descriptor.digest,
    platform: formatPlatform(config),
    ...(os && { os }),
    packages,
    tool: options.tool,
    ...(options.createdEpoch !== undefined && { createdEpoch: options.createdEpoch }),
  };
}

async function readLayer(source: ByteStream, files: Map<string, Found>): Promise<void> {
  const here = new Map<string, Found>();
  const gone: string[] = [];
  const opaque: string[] = [];
  const tar = extract();
  const feeding = (async () => {
    for await (const chunk of source) {
      if (!tar.write(chunk)) await new Promise<void>((resolve) => tar.once("drain", () => resolve()));
    }
    tar.end(null);
  })();
  feeding.catch((error) => tar.destroy(error as Error));
  for await (const entry of tar) {
    const header = entry.header as Header;
    const path = header.name.replace(/^(?:\.?\/)+/, "").replace(/\/$/, "");
    const slash = path.lastIndexOf("/");
    const name = path.slice(slash + 1);
    if (name === ".wh..wh..opq") opaque.push(path.slice(0, slash));
    else if (name.startsWith(".wh.")) gone.push(`${path.slice(0, slash + 1)}${name.slice(4)}`);
    else {
      const found = await readEntry(path, header, entry as unknown as ByteStream);
      if (found) here.set(path, found);
    }
    entry.resume();
  }
  await feeding;
  for (const path of files.keys()) {
    if (
      gone.some((one) => path === one || path.startsWith(`${one}/`)) ||
      opaque.some((dir) => path.startsWith(`${dir}/`))
    ) {
      files.delete(path);
    }
  }
  for (const [path, found] of here) files.set(path, found);
}

async function readEntry(path: string, header: Header, content: ByteStream): Promise<Found | undefined> {
  if (header.type === "symlink" && header.linkname) {
    // Only links in node_modules lead to packages; os-release is a link too.
    return /(?:^|\/)node_modules\/|os-release$/.test(path) ? { link: header.linkname } : undefined;
  }
  if (header.type !== "file") return undefined;
  const size = header.size ?? 0;
  if (isText(path) && size <= TEXT_LIMIT) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) chunks.push(chunk);
    return { text: Buffer.concat(chunks).toString("utf8") };
  }
  return NODE_BINARY.test(path) && size >= NODE_BINARY_MIN ? readNode(content) : undefined;
}

async function readNode(content: ByteStream): Promise<Found | undefined> {
  const hash = createHash("sha256");
  let tail = "";
  let version: string | undefined;
  for await (const chunk of content) {
    hash.update(chunk);
    if (version) continue;
    const text = tail + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString("latin1");
    version = NODE_RELEASE.exec(text)?.[1];
    tail = text.slice(-128);
  }
  return version ? { node: { version, sha256: hash.digest("hex") } } : undefined;
}

function readOs(files: ReadonlyMap<string, Found>): SbomInput["os"] {
  const found = files.get("usr/lib/os-release") ?? files.get("etc/os-release");
  if (!found || !("text" in found)) return undefined;
  const field = (name: string) => new RegExp(`^${name}="?([^"\n]*)"?$`, "m").exec(found.text)?.[1];
  const id = field("ID");
  if (!id) return undefined;
  return { id, version: field("VERSION_ID") ?? "", name: field("PRETTY_NAME") ?? id };
}

/** Packages that lie in the image as files, with the edges that Node's own look-up gives. */
function npmPackages(files: ReadonlyMap<string, Found>): SbomPackage[] {
  const byDir = new Map<string, { manifest: NpmManifest; entry: SbomPackage }>();
  for (const [path, found] of files) {
    if (!("text" in found) || !NPM_MANIFEST.test(path)) continue;
    const manifest = parseManifest(found.text);
    if (!manifest?.name || !manifest.version) continue;
    byDir.set(path.slice(0, -"/package.json".length), { manifest, entry: npmPackage(manifest, "files") });
  }
  const at = (dir: string): SbomPackage | undefined => {
    const link = files.get(dir);
    const real = link && "link" in link ? joinPath(dir.slice(0, dir.lastIndexOf("/")), link.link) : dir;
    return byDir.get(real)?.entry;
  };
  for (const [dir, { manifest, entry }] of byDir) {
    for (const name of Object.keys({
      ...manifest.peerDependencies,
      ...manifest.optionalDependencies,
      ...manifest.dependencies,
    })) {
      const target = ancestors(dir)
        .map((base) => at(`${base}node_modules/${name}`))
        .find(Boolean);
      if (target) entry.dependsOn.push(target.id);
    }
  }
  return [...byDir.values()].map(({ entry }) => entry);
}

function parseManifest(text: string): NpmManifest | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" ? (value as NpmManifest) : undefined;
  } catch {
    return undefined;
  }
}

function joinPath(dir: string, target: string): string {
  const parts = target.startsWith("/") ? [] : dir.split("/");
  for (const part of target.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/** `a/b` → [`a/b/`, `a/`, ``]: where Node looks for a node_modules, nearest first. */
function ancestors(dir: string): string[] {
  const parts = dir.split("/");
  return parts
    .map((_, i) => `${parts.slice(0, parts.length - i).join("/")}/`)
    .concat("")
    .filter((base) => !base.endsWith("node_modules/"));
}
