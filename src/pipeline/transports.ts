/** skopeo's transport names → targets: where `copy`, `inspect` and `build` read and write images. */
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { KnbuildError, usageError } from "../base/errors.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { parseReference, type Reference, referenceTag } from "../oci/reference.ts";
import type { Closable, ReadTarget, Target } from "../oci/target.ts";
import { createDaemonTarget, openDaemonImage } from "../store/daemon.ts";
import { createDockerArchive, openDockerArchive } from "../store/docker-archive.ts";
import { openLayout } from "../store/layout.ts";
import { storeName } from "../store/names.ts";
import { createOciArchive, openOciArchive } from "../store/oci-archive.ts";
import type { Store } from "../store/store.ts";

export const TRANSPORTS = [
  "store:",
  "oci:",
  "oci-archive:",
  "docker-archive:",
  "docker-daemon:",
  "podman-daemon:",
  "docker://",
] as const;
type Transport = (typeof TRANSPORTS)[number];

export interface TransportContext {
  store: () => Store;
  /** The repository of a reference at its registry. */
  registry: (reference: Reference) => Target;
}

export interface Place<T> extends Closable {
  target: T;
  /** Tag or digest to resolve or to write; undefined where the user gave none and the transport needs none. */
  tag: string;
  /** As the user would write it again. */
  spec: string;
}

interface Parsed {
  transport: Transport;
  rest: string;
}

/** A spec without a transport is a name in the store when the store has it, else a registry reference. */
export function parseTransport(spec: string, fallback: Transport = "docker://"): Parsed {
  const transport = TRANSPORTS.find((t) => spec.startsWith(t));
  if (transport) {
    const rest = spec.slice(transport.length);
    if (!rest) throw usageError("TRANSPORT_INVALID", `${spec}: nothing after ${transport}`);
    return { transport, rest };
  }
  const unknown = /^([a-z][a-z-]+):(?!\d)/.exec(spec);
  if (
    unknown &&
    !spec.includes("/") &&
    /^(docker|containers-storage|dir|sif|tarball|ostree|daemon|layout|archive)$/.test(unknown[1] as string)
  ) {
    throw usageError("TRANSPORT_INVALID", `unknown transport ${unknown[1]}:`, `Use one of ${TRANSPORTS.join(" ")}`);
  }
  return { transport: fallback, rest: spec };
}

/** `path[:tag]`: the colon of a drive letter or inside the path's directories is no separator. */
export function splitPathTag(rest: string): { path: string; tag?: string } {
  const colon = rest.lastIndexOf(":");
  if (colon <= 1 || rest.slice(colon + 1).includes("/") || existsSync(rest)) return { path: rest };
  return { path: rest.slice(0, colon), tag: rest.slice(colon + 1) };
}

function registryPlace(rest: string, context: TransportContext) {
  const reference = parseReference(rest);
  const target = context.registry(reference);
  return { target, tag: referenceTag(reference), spec: `docker://${rest}`, close: async () => {} };
}

/** An image that was just built into the store. Not by its name alone: another run may give that to another image meanwhile. */
export function builtImage({ name, digest }: { name: string; digest: string }): string {
  return `store:${name}@${digest}`;
}

/** A path without a transport would be asked for at Docker Hub. */
function assertNoFile(spec: string): void {
  const stats = statSync(spec, { throwIfNoEntry: false });
  const isLayout = stats?.isDirectory() && existsSync(join(spec, "oci-layout"));
  if (!isLayout && !stats?.isFile()) return;
  throw usageError(
    "TRANSPORT_MISSING",
    `${spec} is ${isLayout ? "a layout" : "a file"}, and no image of that name is in the store`,
    isLayout ? `Write oci:${spec}` : `Write oci-archive:${spec}, or docker-archive:${spec} for what docker save wrote.`,
  );
}

/** Opens a place to read from. @throws TRANSPORT_INVALID, LAYOUT_MISSING, ARCHIVE_INVALID, … */
export async function openSourcePlace(spec: string, context: TransportContext): Promise<Place<ReadTarget>> {
  const bare = TRANSPORTS.every((t) => !spec.startsWith(t));
  if (bare) {
    const store = context.store();
    const name = storeName(spec);
    if (await store.resolve(name)) return { target: store, tag: name, spec: `store:${name}`, close: async () => {} };
  }
  const { transport, rest } = parseTransport(spec);
  if (bare) assertNoFile(spec);
  const done = async () => {};
  switch (transport) {
    case "store:":
      return { target: context.store(), tag: storeName(rest), spec, close: done };
    case "docker://":
      return registryPlace(rest, context);
    case "oci:": {
      const { path, tag } = splitPathTag(rest);
      const target = openLayout(path);
      return { target, tag: tag ?? soleTag(target.index().manifests, path), spec, close: done };
    }
    case "oci-archive:": {
      const { path, tag } = splitPathTag(rest);
      return { target: await openOciArchive(path), tag: tag ?? "latest", spec, close: done };
    }
    case "docker-archive:": {
      const { path, tag } = splitPathTag(rest);
      return { target: await openDockerArchive(path), tag: tag ?? "latest", spec, close: done };
    }
    default: {
      const target = await openDaemonImage(transport === "podman-daemon:" ? "podman" : "docker", rest);
      return { target, tag: "latest", spec, close: () => target.close() };
    }
  }
}

/** Opens a place to write to; call `close()` at the end, `close(error)` to throw away what an archive collected. */
export function openDestinationPlace(spec: string, context: TransportContext): Place<Target> {
  const { transport, rest } = parseTransport(spec);
  const done = async () => {};
  switch (transport) {
    case "store:":
      return { target: context.store(), tag: storeName(rest), spec, close: done };
    case "docker://":
      return registryPlace(rest, context);
    case "oci:": {
      const { path, tag } = splitPathTag(rest);
      const isNew = !existsSync(join(path, "oci-layout"));
      const target = openLayout(path, { create: true });
      const close = async (error?: unknown) => {
        if (error !== undefined && isNew) removeEmptyLayout(path);
      };
      return { target, tag: tag ?? "latest", spec, close };
    }
    case "oci-archive:": {
      const { path, tag } = splitPathTag(rest);
      const target = createOciArchive(path);
      return { target, tag: tag ?? "latest", spec, close: (error) => target.close(error) };
    }
    case "docker-archive:": {
      const { path, tag } = splitPathTag(rest);
      const target = createDockerArchive(path);
      return { target, tag: tag ?? "latest", spec, close: (error) => target.close(error) };
    }
    default: {
      const target = createDaemonTarget(transport === "podman-daemon:" ? "podman" : "docker");
      return { target, tag: rest, spec, close: (error) => target.close(error) };
    }
  }
}

/** Of a copy that failed before its first blob nothing is left; blobs that came are kept for the next try. */
function removeEmptyLayout(path: string): void {
  if (readdirSync(join(path, "blobs"), { recursive: true, withFileTypes: true }).some((entry) => entry.isFile()))
    return;
  for (const name of ["oci-layout", "index.json", "blobs"]) rmSync(join(path, name), { recursive: true, force: true });
  if (readdirSync(path).length === 0) rmSync(path, { recursive: true });
}

function soleTag(manifests: readonly Descriptor[], path: string): string {
  const digests = new Set(manifests.map((m) => m.digest));
  if (digests.size === 1) return (manifests[0] as Descriptor).digest;
  throw new KnbuildError({
    code: "TAG_NEEDED",
    message: manifests.length === 0 ? "the layout is empty" : `the layout holds ${digests.size} images`,
    where: path,
    hint: manifests.length === 0 ? undefined : `Name one: oci:${path}:TAG`,
    exitCode: 2,
  });
}
