/** Reads what is inside an image out of its layers: Debian packages, npm packages, Node.js, and the record of the bundle. */

import { Annotation } from "../../oci/descriptor.ts";
import type { Image } from "../../oci/image.ts";
import { formatPlatform } from "../../oci/platform.ts";
import { COMPOSITION_PATH, parseComposition } from "./composition.ts";
import { type ImageFile, joinPath, readImageFiles } from "./image-files.ts";
import { isNpmFile, npmTree } from "./npm-tree.ts";
import { debianPackages, nodeRuntime, parseDpkgStatus } from "./packages.ts";
import type { SbomInput, SbomPackage } from "./types.ts";

const COPYRIGHT = /^usr\/share\/doc\/([^/]+)\/copyright$/;
const COPYRIGHT_LINK = /^usr\/share\/doc\/[^/]+(?:\/copyright)?$/;

export interface ReadImageOptions {
  /** Reference without tag. */
  name: string;
  tool: string;
  createdEpoch?: number;
}

/** Opens every layer once, bottom first. */
export async function readImage(image: Image, options: ReadImageOptions): Promise<SbomInput> {
  const config = await image.config();
  const appDir = joinPath("", config.config?.WorkingDir ?? "");
  const files = await readImageFiles(await image.layers(), {
    text: (path) => isSystemText(path) || isNpmFile(path, appDir),
    link: (path) => /(?:^|\/)node_modules\/|os-release$/.test(path) || COPYRIGHT_LINK.test(path),
  });
  const os = readOs(files);
  const debian = [...files].flatMap(([path, file]) =>
    "text" in file && path.startsWith("var/lib/dpkg/status") ? parseDpkgStatus(file.text) : [],
  );
  const record = files.get(COMPOSITION_PATH);
  const composition = record && "text" in record ? parseComposition(record.text) : [];
  const npm = npmTree(files, appDir);
  const packages: SbomPackage[] = [
    ...withVersion(composition, (await image.manifest()).annotations?.[Annotation.version]),
    ...npm.packages,
    ...(npm.app && !composition.some(({ kind }) => kind === "app") ? [npm.app] : []),
    ...debianPackages(debian, (name) => copyrightOf(files, name), os),
    ...[...files.values()].flatMap((file) =>
      "node" in file ? [nodeRuntime(file.node.version, file.node.sha256)] : [],
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

function isSystemText(path: string): boolean {
  return (
    path === COMPOSITION_PATH ||
    path === "var/lib/dpkg/status" ||
    (path.startsWith("var/lib/dpkg/status.d/") && !path.endsWith(".md5sums")) ||
    path === "usr/lib/os-release" ||
    path === "etc/os-release" ||
    COPYRIGHT.test(path)
  );
}

/** The record leaves the app's version out (it would change a layer of packages); the manifest says it. */
function withVersion(composition: readonly SbomPackage[], version: string | undefined): SbomPackage[] {
  return composition.map((entry) => (entry.kind === "app" ? { ...entry, version: version ?? "" } : entry));
}

/** Packages of one source often share a directory of documents: all but one are links. */
function copyrightOf(files: ReadonlyMap<string, ImageFile>, name: string): string | undefined {
  let dir = `usr/share/doc/${name}`;
  const dirLink = files.get(dir);
  if (dirLink && "link" in dirLink) dir = joinPath("usr/share/doc", dirLink.link);
  let file = files.get(`${dir}/copyright`);
  if (file && "link" in file) file = files.get(joinPath(dir, file.link));
  return file && "text" in file ? file.text : undefined;
}

function readOs(files: ReadonlyMap<string, ImageFile>): SbomInput["os"] {
  const found = ["usr/lib/os-release", "etc/os-release"]
    .map((path) => files.get(path))
    .find((file) => file !== undefined && "text" in file);
  if (!found || !("text" in found)) return undefined;
  const field = (name: string) => new RegExp(`^${name}=["']?([^"'\n]*)["']?$`, "m").exec(found.text)?.[1];
  const id = field("ID");
  if (!id) return undefined;
  return { id, version: field("VERSION_ID") ?? "", name: field("PRETTY_NAME") ?? id };
}
