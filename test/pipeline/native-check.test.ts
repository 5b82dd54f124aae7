/** Addons against a base by reference: its layers are fetched, and looked at as the loader would. */
import { execFileSync } from "node:child_process";
import { createReadStream, mkdtempSync, realpathSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { ResolvedBase } from "../../src/bases/resolve.ts";
import { copy } from "../../src/oci/copy.ts";
import { targetOfImage } from "../../src/oci/image-target.ts";
import type { TarEntry } from "../../src/oci/layer-source.ts";
import { checkNative } from "../../src/pipeline/native-check.ts";
import { openStore } from "../../src/store/store.ts";
import { file, fileFrom, testImage } from "../support/test-image.ts";

const dir = mkdtempSync(join(tmpdir(), "knbuild-native-"));
const store = openStore(dir);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

// Linked against libc, libgcc_s and libm.
const addon = createRequire(import.meta.url).resolve("@oxc-parser/binding-linux-x64-gnu/parser.linux-x64-gnu.node", {
  paths: [realpathSync("node_modules/oxc-parser")],
});
const libraries = [...execFileSync("ldd", [addon], { encoding: "utf8" }).matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(
  (match) => match[1] as string,
);

async function warnings(layers: TarEntry[][], compression: "none" | "gzip"): Promise<string[]> {
  const image = await testImage({ store, layers, config: {}, compression });
  await copy(await targetOfImage(image, "base"), store, { reference: image.descriptor.digest, tags: ["base:1"] });
  const { digest } = image.descriptor;
  const base: ResolvedBase = {
    kind: "reference",
    ref: "base:1",
    target: store,
    digest,
    manifest: image.descriptor,
    lockChanged: false,
  };
  const at = { path: addon, offset: 0 };
  const size = statSync(addon).size;
  const files: TarEntry[] = [
    {
      type: "file",
      path: "app/node_modules/addon/addon.node",
      mode: 0o644,
      uid: 0,
      gid: 0,
      size,
      at,
      digest: "0".repeat(64),
      open: () => createReadStream(addon),
    },
  ];
  const said: string[] = [];
  await checkNative(files, base, {
    store,
    cacheDir: dir,
    env: {},
    emit: (event) => event.type === "warning" && said.push(event.code),
    signal: new AbortController().signal,
    packages: [],
  });
  return said;
}

const whole = () => libraries.map((path) => fileFrom(path.slice(1), realpathSync(path)));

test("an addon whose libraries are there loads", async () => {
  expect(await warnings([whole()], "gzip")).toEqual([]);
});

test("a library that is not there is told, and so is one that a higher layer deletes", async () => {
  expect(new Set(await warnings([[file("etc/os-release", "ID=none\n")]], "gzip"))).toEqual(
    new Set(["ELF_LIBRARY_MISSING"]),
  );
  const libc = libraries.find((path) => path.includes("libc.so")) as string;
  const deleted = file(libc.slice(1).replace("libc.so", ".wh.libc.so"), "");
  expect(await warnings([whole(), [deleted]], "none")).toContain("ELF_LIBRARY_MISSING");
});
