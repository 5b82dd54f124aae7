import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { sha256 } from "../../src/base/digest.ts";
import { readAll } from "../../src/base/streams.ts";
import { materialize } from "../../src/layer/materialize.ts";
import { composeImage } from "../../src/oci/compose.ts";
import { type Image, imageBlobs } from "../../src/oci/image.ts";
import type { TarEntry } from "../../src/oci/layer-source.ts";
import { formatReference, parseReference } from "../../src/oci/reference.ts";
import type { Closable, Target } from "../../src/oci/target.ts";
import { createDockerArchive, openDockerArchive } from "../../src/store/docker-archive.ts";
import { openLayout } from "../../src/store/layout.ts";
import { createOciArchive, openOciArchive } from "../../src/store/oci-archive.ts";
import { openStore } from "../../src/store/store.ts";
import { scratchDir } from "../support/scratch.ts";

const temporary = () => scratchDir("store");
const file = (path: string, text: string): TarEntry => ({
  type: "file",
  path,
  mode: 0o644,
  uid: 0,
  gid: 0,
  size: Buffer.byteLength(text),
  digest: sha256(text),
  async *open() {
    yield Buffer.from(text);
  },
});

async function sampleImage(compression: "gzip" | "zstd" | "none" = "gzip"): Promise<Image> {
  const store = openStore(temporary());
  const layer = await materialize(
    {
      kind: "app",
      comment: "app",
      entries: () => [
        file("app/a.txt", "hello"),
        { type: "symlink", path: "app/link", target: "a.txt", mode: 0o777, uid: 0, gid: 0 },
      ],
    },
    { store, compression },
  );
  return composeImage({
    layers: [{ layer, history: { created_by: "app" } }],
    config: { Cmd: ["/app/a"] },
    created: "1970-01-01T00:00:00Z",
  });
}

async function put(image: Image, target: Target & Partial<Closable>, tag: string): Promise<void> {
  const { layers, config, manifest } = await imageBlobs(image);
  for (const blob of [...layers, config, manifest]) await target.put(blob);
  await target.tag(image.descriptor, tag);
  await target.close?.();
}

describe("archives", () => {
  let image: Image;
  beforeAll(async () => {
    image = await sampleImage();
  });

  test("an OCI archive reads back, and skopeo takes it", async () => {
    const path = join(temporary(), "x.tar");
    await put(image, createOciArchive(path), "latest");
    const archive = await openOciArchive(path);
    const found = await archive.resolve("latest");
    expect(found?.digest).toBe(image.descriptor.digest);
    expect(sha256(await readAll(archive.open(found!), 1e6))).toBe(image.descriptor.digest);
    expect(JSON.parse(execFileSync("skopeo", ["inspect", `oci-archive:${path}`], { encoding: "utf8" })).Digest).toBe(
      image.descriptor.digest,
    );
  });

  test("equal images give equal archives", async () => {
    const [a, b] = [join(temporary(), "a.tar"), join(temporary(), "b.tar")];
    await put(image, createOciArchive(a), "latest");
    await put(await sampleImage(), createOciArchive(b), "latest");
    expect(sha256(readFileSync(a))).toBe(sha256(readFileSync(b)));
  });

  test.each(["gzip", "zstd", "none"] as const)(
    "a docker archive of %s layers: skopeo reads it and finds the same configuration",
    async (compression) => {
      const source = await sampleImage(compression);
      const path = join(temporary(), "x.tar");
      await put(source, createDockerArchive(path), "app:v1");
      const config = JSON.parse(
        execFileSync("skopeo", ["inspect", "--config", "--raw", `docker-archive:${path}`], { encoding: "utf8" }),
      );
      expect(config.rootfs.diff_ids).toEqual((await source.config()).rootfs.diff_ids);
      const archive = await openDockerArchive(path);
      const manifest = JSON.parse(
        Buffer.from(await readAll(archive.open((await archive.resolve("app:v1"))!), 1e6)).toString(),
      );
      for (const layer of manifest.layers) expect(sha256(await readAll(archive.open(layer), 1e6))).toBe(layer.digest);
    },
  );

  test("a file that is no archive, and one of the other kind, are refused by name", async () => {
    const path = join(temporary(), "x.tar");
    writeFileSync(path, "not a tar at all".repeat(100));
    await expect(openOciArchive(path)).rejects.toMatchObject({ code: "ARCHIVE_INVALID" });
    await put(image, createDockerArchive(path), "app:v1");
    await expect(openOciArchive(path)).rejects.toMatchObject({
      code: "ARCHIVE_INVALID",
      hint: expect.stringContaining("docker-archive:"),
    });
  });

  test("a failed copy leaves no archive behind", async () => {
    const path = join(temporary(), "x.tar");
    const target = createOciArchive(path);
    await target.put({
      descriptor: { mediaType: "x", digest: sha256("abc"), size: 3 },
      async *open() {
        yield Buffer.from("ab");
        throw new Error("cut");
      },
    });
    await expect(target.close()).rejects.toThrow("cut");
    expect(() => readFileSync(path)).toThrow(/ENOENT/);
  });
});

describe("the layout", () => {
  test("umoci unpacks it; tags move; a missing one is null", async () => {
    const dir = join(temporary(), "layout");
    const layout = openLayout(dir, { create: true });
    const image = await sampleImage();
    await put(image, layout, "v1");
    await put(image, layout, "v2");
    expect(await layout.resolve("v3")).toBeNull();
    const bundle = join(temporary(), "bundle");
    execFileSync("umoci", ["unpack", "--rootless", "--image", `${dir}:v2`, bundle], { stdio: "pipe" });
    expect(readFileSync(join(bundle, "rootfs/app/a.txt"), "utf8")).toBe("hello");
    expect(await layout.untag("v1")).toBe(true);
    expect(await layout.untag("v1")).toBe(false);
  });

  test("a blob that is not what it says is refused and leaves nothing", async () => {
    const layout = openLayout(join(temporary(), "layout"), { create: true });
    const bad = {
      descriptor: { mediaType: "x", digest: sha256("right"), size: 5 },
      async *open() {
        yield Buffer.from("wrong");
      },
    };
    await expect(layout.put(bad)).rejects.toMatchObject({ code: "BLOB_DIGEST_MISMATCH" });
    expect(await layout.has(bad.descriptor)).toBe(false);
  });

  test("many writers of one index lose nothing", async () => {
    const dir = join(temporary(), "layout");
    const image = await sampleImage();
    await put(image, openLayout(dir, { create: true }), "first");
    await Promise.all(Array.from({ length: 20 }, (_, i) => openLayout(dir).tag(image.descriptor, `t${i}`)));
    const tags: string[] = [];
    for await (const tag of openLayout(dir).tags()) tags.push(tag);
    expect(tags.sort()).toEqual(["first", ...Array.from({ length: 20 }, (_, i) => `t${i}`)].sort());
  });
});

test("references: what is formatted parses to the same", () => {
  const component = fc.stringMatching(/^[a-z0-9]{1,8}([._-][a-z0-9]{1,4})?$/);
  fc.assert(
    fc.property(
      fc.constantFrom("docker.io", "localhost:5000", "gcr.io", "[::1]:5000", "a.b-c.example"),
      fc.array(component, { minLength: 1, maxLength: 4 }),
      fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}$/)),
      fc.boolean(),
      (registry, path, tag, withDigest) => {
        const text = `${registry}/${path.join("/")}${tag ? `:${tag}` : ""}${withDigest ? `@${sha256("x")}` : ""}`;
        const reference = parseReference(text);
        expect(parseReference(formatReference(reference))).toEqual(reference);
        expect(reference.tag ?? null).toBe(tag);
      },
    ),
  );
  expect(formatReference(parseReference("node"))).toBe("docker.io/library/node");
  for (const bad of ["", "a//b", "a:b:c/", "x@sha256:12", "UPPER", "a b", "-a", "a/../b", "localhost:99999a/x"])
    expect(() => parseReference(bad), bad).toThrow(/not an image reference/);
});
