import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Ajv } from "ajv";
import addFormatsModule from "ajv-formats";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compositionFile, describeComposition } from "../../src/attest/sbom/composition.ts";
import { toCycloneDx } from "../../src/attest/sbom/cyclonedx.ts";
import { debianLicenses, npmLicenses, spdxExpression } from "../../src/attest/sbom/licenses.ts";
import { readIntegrity } from "../../src/attest/sbom/lock-integrity.ts";
import { debianPackages, npmPackage, parseDpkgStatus } from "../../src/attest/sbom/packages.ts";
import { readImage } from "../../src/attest/sbom/read-image.ts";
import { toSpdx } from "../../src/attest/sbom/spdx.ts";
import type { SbomInput } from "../../src/attest/sbom/types.ts";
import { readAll } from "../../src/base/streams.ts";
import { bundleApp } from "../../src/bundle/bundle.ts";
import type { BundleFile } from "../../src/bundle/types.ts";
import type { Image } from "../../src/oci/image.ts";
import type { TarEntry } from "../../src/oci/layer-source.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { spdxComplaints, spdxValidator } from "../support/spdx-tools.ts";
import { file, fileFrom, symlink, testImage } from "../support/test-image.ts";

let dir: string;
let store: Store;
let validSpdx: string | undefined;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "knbuild-sbom-"));
  store = openStore(join(dir, "cache"));
  validSpdx = spdxValidator();
}, 300_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function write(root: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** A package in node_modules: its package.json and one module. */
function dependency(
  dirName: string,
  manifest: Record<string, unknown>,
  code: string,
  more: Record<string, string> = {},
) {
  const name = dirName.slice(dirName.lastIndexOf("node_modules/") + "node_modules/".length);
  const json = { name, version: "1.0.0", license: "MIT", main: "index.js", ...manifest };
  return {
    [`${dirName}/package.json`]: JSON.stringify(json),
    [`${dirName}/index.js`]: code,
    ...Object.fromEntries(Object.entries(more).map(([path, text]) => [`${dirName}/${path}`, text])),
  };
}

let apps = 0;
async function build(
  files: Record<string, string>,
  options: { external?: string[]; member?: string } = {},
): Promise<Image> {
  const root = join(dir, `app${++apps}`);
  write(root, files);
  for (const [link, target] of Object.entries(files)) {
    if (!link.endsWith(".link")) continue;
    rmSync(join(root, link));
    mkdirSync(dirname(join(root, link)), { recursive: true });
    symlinkSync(target, join(root, link.slice(0, -".link".length)));
  }
  const appDir = join(root, options.member ?? "");
  const bundle = await bundleApp({
    appDir,
    modulesRoot: root,
    entry: "index.js",
    nodeTarget: "24",
    enabled: true,
    minify: true,
    sourcemap: false,
    external: options.external ?? [],
    include: [],
    exclude: [],
    gracefulShutdown: false,
    imageAppDir: "/app",
    cacheDir: join(dir, "cache"),
  });
  const packages = describeComposition({ modulesRoot: root, appDir, packages: bundle.packages });
  const entries = Object.values(bundle.files).flatMap((group) => (group ?? []).map(entryOf));
  return testImage({ store, layers: [[...entries, compositionFile(packages, "0.0.0")]], config: {} });
}

function entryOf({ path, source, mode }: BundleFile): TarEntry {
  if ("link" in source) return symlink(path, source.link);
  if ("bytes" in source) return file(path, source.bytes, mode);
  return fileFrom(path, source.file, mode);
}

interface Bom {
  serialNumber: string;
  metadata: { timestamp?: string; component: { name: string } };
  components: {
    name: string;
    group?: string;
    version: string;
    "bom-ref": string;
    purl?: string;
    type: string;
    hashes?: { alg: string; content: string }[];
    licenses?: unknown[];
    properties?: { name: string; value: string }[];
  }[];
  dependencies: { ref: string; dependsOn?: string[] }[];
}

async function inside(image: Image): Promise<{ names: string[]; bom: Bom; input: SbomInput }> {
  const input = await readImage(image, { name: "r.example/app", tool: "0.0.0" });
  const bom = JSON.parse(toCycloneDx(input)) as Bom;
  await assertValid(input);
  const names = bom.components.map((c) => {
    const how = c.properties?.find((p) => p.name === "knbuild:how")?.value;
    return `${c.group ? `${c.group}/` : ""}${c.name}@${c.version ?? ""}${how ? ` ${how}` : ""}`;
  });
  return { names: names.sort(), bom, input };
}

const require = createRequire(import.meta.url);
const schemas = join(dirname(require.resolve("@cyclonedx/cyclonedx-library/package.json")), "res", "schema");
const ajv = new Ajv({ strict: false, allErrors: true });
(addFormatsModule as unknown as (ajv: Ajv) => void)(ajv);
for (const name of ["spdx", "jsf-0.82", "cryptography-defs"]) {
  const path = join(schemas, `${name}.SNAPSHOT.schema.json`);
  // Referred to by the name that the package gives the file.
  ajv.addSchema({
    ...JSON.parse(readFileSync(path, "utf8")),
    $id: `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`,
  });
}
ajv.addFormat("iri-reference", true);
ajv.addFormat("idn-email", true);
const cycloneDxSchema = ajv.compile(JSON.parse(readFileSync(join(schemas, "bom-1.6.SNAPSHOT.schema.json"), "utf8")));

let documents = 0;
/** Both documents against the formats' own rules: CycloneDX's schema, the SPDX project's validator. */
async function assertValid(input: SbomInput): Promise<void> {
  cycloneDxSchema(JSON.parse(toCycloneDx(input)));
  expect(cycloneDxSchema.errors ?? []).toEqual([]);
  // The validator also takes the spelling of the other serializations here; the JSON schema has underscores alone.
  const { packages } = JSON.parse(toSpdx(input)) as { packages: { primaryPackagePurpose?: string }[] };
  for (const { primaryPackagePurpose: purpose } of packages) expect(purpose ?? "OTHER").toMatch(/^[A-Z]+(_[A-Z]+)*$/);
  if (!validSpdx) return;
  const path = join(dir, `document${++documents}.spdx.json`);
  writeFileSync(path, toSpdx(input));
  expect(spdxComplaints(validSpdx, path)).toBe("");
}

describe("what is inside is named, and nothing else", () => {
  test("an inlined dependency is; what was shaken off, or nobody imports, is not: as the bytes of the image say", async () => {
    const image = await build({
      "package.json": JSON.stringify({
        name: "shop",
        type: "module",
        version: "2.0.0",
        dependencies: { used: "1", shaken: "1", idle: "1" },
      }),
      "index.js": `
        import { add } from "used";
        import http from "node:http";
        const extra = false ? await import("shaken") : add;
        http.createServer((q, s) => s.end(String(extra(1, 2)))).listen(process.env.PORT);`,
      ...dependency(
        "node_modules/used",
        { type: "module", version: "3.1.4", sideEffects: false, dependencies: { deep: "1" } },
        `export const add = (a, b) => a + b + "marker of used"; if (false) import("deep").then((m) => m.never());`,
      ),
      ...dependency(
        "node_modules/deep",
        { type: "module", sideEffects: false },
        `export const never = () => "marker of deep";`,
      ),
      ...dependency(
        "node_modules/shaken",
        { type: "module", sideEffects: false },
        `export const never = () => "marker of shaken";`,
      ),
      ...dependency("node_modules/idle", {}, `module.exports = "marker of idle";`),
    });
    const { names, bom } = await inside(image);
    const layer = (await image.layers())[0]!;
    const bytes = Buffer.from(await readAll(layer.openUncompressed(), 1 << 26)).toString("latin1");
    for (const name of ["used", "deep", "shaken", "idle"]) {
      expect([name, bytes.includes(`marker of ${name}`)]).toEqual([name, names.some((n) => n.startsWith(`${name}@`))]);
    }
    expect(names).toEqual(["shop@", "used@3.1.4 bundled"]);
    expect(bom.components.find((c) => c.name === "used")).toMatchObject({
      purl: "pkg:npm/used@3.1.4",
      licenses: [{ license: { id: "MIT" } }],
    });
    expect(bom.dependencies.find((d) => d.ref === "app:shop")?.dependsOn).toEqual(["pkg:npm/used@3.1.4"]);
  });

  test("CommonJS, and what it requires in turn; a devDependency is not inside", async () => {
    const { names, bom } = await inside(
      await build({
        "package.json": JSON.stringify({ name: "api", dependencies: { outer: "1" }, devDependencies: { tool: "1" } }),
        "index.js": `const outer = require("outer"); require("http").createServer((q, s) => s.end(outer())).listen(process.env.PORT);`,
        ...dependency(
          "node_modules/outer",
          { dependencies: { inner: "1" } },
          `const inner = require("inner"); module.exports = () => inner.text;`,
        ),
        ...dependency("node_modules/inner", { license: "(MIT OR Apache-2.0)" }, `exports.text = "x";`),
        ...dependency("node_modules/tool", {}, `module.exports = 1;`),
      }),
    );
    expect(names).toEqual(["api@", "inner@1.0.0 bundled", "outer@1.0.0 bundled"]);
    expect(bom.dependencies.find((d) => d.ref === "pkg:npm/outer@1.0.0")?.dependsOn).toEqual(["pkg:npm/inner@1.0.0"]);
    expect(bom.components.find((c) => c.name === "inner")?.licenses).toEqual([{ expression: "(MIT OR Apache-2.0)" }]);
  });

  test("a package shipped as files, with what it needs", async () => {
    const { names } = await inside(
      await build(
        {
          "package.json": JSON.stringify({ name: "view", dependencies: { engine: "1" } }),
          "index.js": `const engine = require("engine"); require("http").createServer((q, s) => s.end(engine())).listen(process.env.PORT);`,
          ...dependency(
            "node_modules/engine",
            { dependencies: { partial: "1" } },
            `module.exports = () => require("partial") + require("fs").readFileSync(__dirname + "/page.html", "utf8");`,
            { "page.html": "<p>" },
          ),
          ...dependency("node_modules/partial", {}, `module.exports = "h";`),
        },
        { external: ["engine"] },
      ),
    );
    expect(names).toContain("engine@1.0.0 files");
    expect(names).toContain("partial@1.0.0 files");
  });

  test("two versions of one package, with the hash that the lock file knows", async () => {
    const integrity = `sha512-${Buffer.alloc(64, 7).toString("base64")}`;
    const { names, bom } = await inside(
      await build({
        "package.json": JSON.stringify({ name: "two", dependencies: { dup: "2", old: "1" } }),
        "package-lock.json": JSON.stringify({
          lockfileVersion: 3,
          packages: { "node_modules/dup": { version: "2.0.0", integrity } },
        }),
        "index.js": `const a = require("dup"), b = require("old"); require("http").createServer((q, s) => s.end(a + b)).listen(process.env.PORT);`,
        ...dependency("node_modules/dup", { version: "2.0.0" }, `module.exports = "two";`),
        ...dependency("node_modules/old", { dependencies: { dup: "1" } }, `module.exports = require("dup");`),
        ...dependency("node_modules/old/node_modules/dup", { version: "1.5.0" }, `module.exports = "one";`),
      }),
    );
    expect(names).toEqual(["dup@1.5.0 bundled", "dup@2.0.0 bundled", "old@1.0.0 bundled", "two@"]);
    expect(bom.dependencies.find((d) => d.ref === "pkg:npm/old@1.0.0")?.dependsOn).toEqual(["pkg:npm/dup@1.5.0"]);
    expect(bom.components.find((c) => c.version === "2.0.0")?.hashes).toEqual([
      { alg: "SHA-512", content: "07".repeat(64) },
    ]);
  });

  test("a member of a workspace, with a scoped neighbour and a dependency of the root", async () => {
    const { names } = await inside(
      await build(
        {
          "package.json": JSON.stringify({ name: "root", private: true, workspaces: ["packages/*"] }),
          "packages/api/package.json": JSON.stringify({
            name: "api",
            dependencies: { "@acme/lib": "*", hoisted: "1" },
          }),
          "packages/api/index.js": `const lib = require("@acme/lib"), h = require("hoisted"); require("http").createServer((q, s) => s.end(lib + h)).listen(process.env.PORT);`,
          "packages/lib/package.json": JSON.stringify({ name: "@acme/lib", version: "0.3.0", main: "index.js" }),
          "packages/lib/index.js": `module.exports = "lib";`,
          "node_modules/@acme/lib.link": "../../packages/lib",
          ...dependency("node_modules/hoisted", {}, `module.exports = "h";`),
          ...dependency("node_modules/other", {}, `module.exports = "o";`),
        },
        { member: "packages/api" },
      ),
    );
    expect(names).toContain("api@");
    expect(names).toContain("hoisted@1.0.0 bundled");
    expect(names.some((name) => name.startsWith("other@"))).toBe(false);
  });

  test("an app without dependencies", async () => {
    const { names } = await inside(
      await build({
        "package.json": JSON.stringify({ name: "plain" }),
        "index.js": `require("http").createServer((q, s) => s.end("x")).listen(process.env.PORT);`,
      }),
    );
    expect(names).toEqual(["plain@"]);
  });
});

describe("the base", () => {
  const STATUS = `Package: libssl3t64
Source: openssl (3.5.1-1)
Version: 3.5.1-1+b2
Architecture: amd64
Maintainer: Debian OpenSSL Team <pkg-openssl@example.org>
Depends: libc6 (>= 2.38), absent | virtual-thing
Homepage: https://openssl.example/
Description: Secure Sockets Layer toolkit
 more
`;
  const LIBC = "Package: libc6\nSource: glibc\nVersion: 2.41-12\nArchitecture: amd64\nProvides: virtual-thing\n";
  const GONE = "Package: gone\nStatus: deinstall ok config-files\nVersion: 1\nArchitecture: all\n";
  const OS = 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nID=debian\nVERSION_ID="13"\n';
  const COPYRIGHT = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Files: *
License: Apache-2.0

Files: debian/*
License: GPL-2+ with OpenSSL exception or Expat
`;

  async function image(more: TarEntry[] = [], later: TarEntry[][] = []): Promise<Image> {
    return testImage({
      store,
      layers: [
        [
          file("var/lib/dpkg/status.d/libssl3t64", STATUS),
          file("var/lib/dpkg/status.d/libssl3t64.md5sums", "0 usr/lib/x\n"),
          file("var/lib/dpkg/status.d/libc6", `${LIBC}\n${GONE}`),
          file("usr/lib/os-release", OS),
          file("usr/share/doc/libssl3t64/copyright", COPYRIGHT),
          ...more,
        ],
        ...later,
      ],
      config: {},
    });
  }

  test("Debian packages: source, licences, purl, edges; node with its version and hash", async () => {
    const { bom, names } = await inside(await image([fileFrom("nodejs/bin/node", process.execPath)]));
    expect(names).toEqual([
      "debian@13",
      "libc6@2.41-12 files",
      "libssl3t64@3.5.1-1+b2 files",
      `node@${process.versions.node}`,
    ]);
    const ssl = bom.components.find((c) => c.name === "libssl3t64");
    expect(ssl).toMatchObject({
      purl: "pkg:deb/debian/libssl3t64@3.5.1-1+b2?arch=amd64&distro=debian-13&upstream=openssl%403.5.1-1",
      licenses: [
        { license: { id: "Apache-2.0" } },
        { license: { id: "GPL-2.0-or-later" } },
        { license: { id: "MIT" } },
      ],
      supplier: { name: "Debian OpenSSL Team <pkg-openssl@example.org>" },
    });
    const libc = bom.components.find((c) => c.name === "libc6")?.["bom-ref"];
    expect(bom.dependencies.find((d) => d.ref === ssl?.["bom-ref"])?.dependsOn).toEqual([libc]);
    expect(bom.components.find((c) => c.name === "node")?.hashes?.[0]?.content).toMatch(/^[0-9a-f]{64}$/);
  });

  test("what a later layer deletes or replaces is not inside", async () => {
    const pkg = (name: string, version: string) =>
      file(`app/node_modules/${name}/package.json`, JSON.stringify({ name, version }));
    const { names } = await inside(
      await image(
        [
          pkg("kept", "1.0.0"),
          pkg("deleted", "1.0.0"),
          pkg("renewed", "1.0.0"),
          file("srv/node_modules/hidden/package.json", '{"name":"hidden","version":"1.0.0"}'),
        ],
        [
          [
            file("app/node_modules/.wh.deleted", ""),
            file("srv/node_modules/.wh..wh..opq", ""),
            pkg("renewed", "2.0.0"),
          ],
        ],
      ),
    );
    expect(names.filter((n) => n.endsWith("files") && !/libc6|libssl/.test(n))).toEqual([
      "kept@1.0.0 files",
      "renewed@2.0.0 files",
    ]);
  });

  test("second names, links between documents, lock files, and the app of the working directory", async () => {
    const hash = `sha512-${Buffer.alloc(64, 9).toString("base64")}`;
    const foreign = await testImage({
      store,
      layers: [
        [
          file(
            "var/lib/dpkg/status",
            `${STATUS.replace("Architecture", `SHA256: ${"ef".repeat(32)}\nArchitecture`)}\n${LIBC}`,
          ),
          file("usr/lib/os-release", OS),
          file("usr/share/doc/libc6/copyright", COPYRIGHT),
          symlink("usr/share/doc/libssl3t64", "libc6"),
          file("srv/app/package.json", '{"name":"foreign","version":"3.0.0","dependencies":{"a":"1"}}'),
          // pnpm's store and its tree in one layer: the tree's names are second names of the store's files.
          file("root/store/aa", '{"name":"a","version":"1.1.0","license":"ISC"}'),
          {
            type: "hardlink",
            path: "srv/app/node_modules/a/package.json",
            target: "root/store/aa",
            mode: 0o644,
            uid: 0,
            gid: 0,
          },
          file(
            "srv/app/node_modules/.package-lock.json",
            JSON.stringify({ packages: { "node_modules/a": { integrity: hash } } }),
          ),
          file("srv/app/node_modules/b/package.json", '{"name":"b","version":"1.0.0"}'),
          file(
            "srv/app/yarn.lock",
            `c@^2.0.0:\n  version "2.0.1"\n  resolved "https://r.example/c"\n  integrity ${hash}\n`,
          ),
          file("srv/app/node_modules/c/package.json", '{"name":"c","version":"2.0.1"}'),
        ],
        // A directory gives way to a link, a file to a directory.
        [
          symlink("srv/app/node_modules/b", "../lib/b"),
          { type: "directory", path: "srv/app/node_modules/d", mode: 0o755, uid: 0, gid: 0 },
        ],
      ],
      config: { WorkingDir: "/srv/app" },
    });
    const { names, bom } = await inside(foreign);
    expect(names.filter((name) => !/debian|lib/.test(name))).toEqual([
      "a@1.1.0 files",
      "c@2.0.1 files",
      "foreign@3.0.0",
    ]);
    expect(bom.dependencies.find(({ ref }) => ref === "app:foreign")?.dependsOn).toEqual(["pkg:npm/a@1.1.0"]);
    for (const name of ["a", "c"]) {
      expect(bom.components.find((one) => one.name === name)?.hashes).toEqual([
        { alg: "SHA-512", content: "09".repeat(64) },
      ]);
    }
    const ssl = bom.components.find(({ name }) => name === "libssl3t64");
    expect(ssl?.licenses).toHaveLength(3);
    expect(ssl?.hashes).toEqual([{ alg: "SHA-256", content: "ef".repeat(32) }]);
  });

  test("equal input gives equal bytes, in any order; a time only when one is given", async () => {
    const input = await readImage(await image(), { name: "a", tool: "1" });
    const turned = { ...input, packages: [...input.packages].reverse() };
    for (const format of [toCycloneDx, toSpdx]) {
      expect(format(turned)).toBe(format(input));
      expect(format({ ...input, name: "b" })).not.toBe(format(input));
    }
    expect(JSON.parse(toCycloneDx(input)).metadata.timestamp).toBeUndefined();
    expect(JSON.parse(toCycloneDx({ ...input, createdEpoch: 1700000000 })).metadata.timestamp).toBe(
      "2023-11-14T22:13:20.000Z",
    );
    expect(JSON.parse(toSpdx({ ...input, createdEpoch: 1700000000 })).creationInfo.created).toBe(
      "2023-11-14T22:13:20Z",
    );
    expect(JSON.parse(toCycloneDx(input)).serialNumber).toMatch(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });
});

test("odd licences, names and versions are still valid documents", async () => {
  const packages = [
    npmPackage({ name: "@scope/odd name", version: "1.0.0-beta+x", license: "Custom, see file" }, "files"),
    npmPackage({ name: "b", version: "1", license: ["MIT", "BSD-3-Clause OR ISC"] }, "files"),
    npmPackage({ name: "c", version: "1", license: "GPL-2.0-only WITH Classpath-exception-2.0" }, "bundled"),
    npmPackage({ name: "d", version: "1", homepage: "not a url" }, "files"),
    ...debianPackages(
      parseDpkgStatus("Package: x\nVersion: 1:2~3\nArchitecture: all\nMaintainer: Ünï Cöde\n"),
      () => undefined,
      undefined,
    ),
  ];
  await assertValid({ name: "odd/näme", packages, tool: "0" });
});

test("a layer's record of the bundle changes with its packages, not with the app's version", async () => {
  const text = async (version: string, dep: string) =>
    Buffer.from(
      await readAll(
        compositionFile(
          [
            { kind: "app", name: "a", version, id: "app:a", licenses: [], hashes: [], dependsOn: [] },
            npmPackage({ name: "d", version: dep }, "bundled"),
          ],
          "1",
        ).open(),
        1 << 20,
      ),
    ).toString();
  expect(await text("1.0.0", "1.0.0")).toBe(await text("1.0.1", "1.0.0"));
  expect(await text("1.0.0", "1.0.0")).not.toBe(await text("1.0.0", "1.0.1"));
});

test.each([
  ["mit", "MIT"],
  ["(MIT or apache-2.0) AND BSD-3-Clause", "(MIT OR Apache-2.0) AND BSD-3-Clause"],
  ["GPL-2.0+", "GPL-2.0+"],
  ["MIT Apache-2.0", undefined],
  ["(MIT", undefined],
  ["WTF", undefined],
  ["", undefined],
])("licence %j is the expression %j", (text, expected) => {
  expect(spdxExpression(text)).toBe(expected);
});

test.each([
  ["yarn.lock", `"@s/x@^1.0.0", "@s/x@~1.1":\n  version "1.1.2"\n  integrity INTEGRITY\n`, "@s/x", "1.1.2"],
  ["yarn.lock", `alias@npm:x@^1.0.0:\n  version "1.1.2"\n  integrity INTEGRITY\n`, "x", "1.1.2"],
  [
    "bun.lock",
    `{\n  "packages": {\n    "x": ["@s/x@1.1.2", "", { "dependencies": {} }, "INTEGRITY"],\n  }\n}`,
    "@s/x",
    "1.1.2",
  ],
  ["pnpm-lock.yaml", "packages:\n  '@s/x@1.1.2':\n    resolution: {integrity: INTEGRITY}\n", "@s/x", "1.1.2"],
  ["pnpm-lock.yaml", "packages:\n  /x@1.1.2(y@1.0.0):\n    resolution: {integrity: INTEGRITY}\n", "x", "1.1.2"],
  [
    "package-lock.json",
    '{"lockfileVersion":1,"dependencies":{"y":{"version":"1.0.0","dependencies":{"x":{"version":"1.1.2","integrity":"INTEGRITY"}}}}}',
    "x",
    "1.1.2",
  ],
  ["package-lock.json", "{ not json", "x", undefined],
])("%s knows the hash: %s", (file, text, name, version) => {
  const find = readIntegrity((wanted) => (wanted === file ? text.replace("INTEGRITY", "sha512-abc") : undefined));
  expect(find("elsewhere", name, "1.1.2")).toBe(version && "sha512-abc");
});

test("licences of package.json in old forms, and of copyright files that are prose", () => {
  expect(npmLicenses({ licenses: [{ type: "MIT", url: "x" }, { type: "Apache 2" }] })).toEqual(["MIT", "Apache 2"]);
  expect(npmLicenses({ license: "SEE LICENSE IN x" })).toEqual([]);
  expect(debianLicenses("This package was debianized by hand.\nLicense: GPL")).toEqual([]);
  const prose =
    "GCC is under `/usr/share/common-licenses/GPL-3'; its manual under /usr/share/common-licenses/GFDL-1.2.\n";
  expect(debianLicenses(prose)).toEqual(["GFDL-1.2-only", "GPL-3.0-only"]);
});
