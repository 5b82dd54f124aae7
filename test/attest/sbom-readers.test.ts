/** What scanners make of our bills: grype's reader and osv-scanner's, of their own source, see every package as what it is. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toCycloneDx } from "../../src/attest/sbom/cyclonedx.ts";
import { debianPackages, nodeRuntime, npmPackage, parseDpkgStatus } from "../../src/attest/sbom/packages.ts";
import { toSpdx } from "../../src/attest/sbom/spdx.ts";
import type { SbomInput } from "../../src/attest/sbom/types.ts";
import { packageRoot } from "../../src/base/package-root.ts";
import { GO_BUILD_TIMEOUT_MS, goProgram } from "../support/go-program.ts";

const STATUS = `Package: libssl3t64
Source: openssl (3.5.1-1)
Version: 3.5.1-1+b2
Architecture: amd64
Depends: libc6

Package: libc6
Source: glibc
Version: 2.41-12
Architecture: amd64
`;
const COPYRIGHT = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nLicense: Apache-2.0\n";

const os = { id: "debian", version: "13", name: "Debian GNU/Linux 13 (trixie)" };
const hono = npmPackage(
  { name: "hono", version: "4.6.0", license: "MIT" },
  "bundled",
  `sha512-${Buffer.alloc(64, 1).toString("base64")}`,
);
const scoped = npmPackage({ name: "@hono/node-server", version: "1.13.0", license: "(MIT OR Apache-2.0)" }, "files");
const input: SbomInput = {
  name: "registry.example/app",
  digest: `sha256:${"ab".repeat(32)}`,
  platform: "linux/amd64",
  os,
  tool: "0.0.0",
  packages: [
    { kind: "app", name: "shop", version: "1.0.0", id: "app:shop", licenses: [], hashes: [], dependsOn: [scoped.id] },
    { ...scoped, dependsOn: [hono.id] },
    hono,
    ...debianPackages(parseDpkgStatus(STATUS), () => COPYRIGHT, os),
    nodeRuntime("24.11.0", "cd".repeat(32)),
  ],
};
const PURLS = [
  "pkg:deb/debian/libc6@2.41-12?arch=amd64&distro=debian-13&upstream=glibc",
  "pkg:deb/debian/libssl3t64@3.5.1-1%2Bb2?arch=amd64&distro=debian-13&upstream=openssl%403.5.1-1",
  "pkg:generic/node@24.11.0",
  "pkg:npm/%40hono/node-server@1.13.0",
  "pkg:npm/hono@4.6.0",
];

interface Answer {
  format: string;
  distro?: string;
  packages: string[];
}

const READERS = {
  grype: { version: "1", needs: ["github.com/anchore/syft@v1.57.1"] },
  osv: { version: "1", needs: ["github.com/google/osv-scalibr@v0.5.3"] },
};

describe("scanners", () => {
  let dir: string;
  const answers: { [reader: string]: Record<string, Answer> } = {};
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "knbuild-readers-"));
    const files = { "app.cdx.json": toCycloneDx(input), "app.spdx.json": toSpdx(input) };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
    const paths = Object.keys(files).map((name) => join(dir, name));
    for (const [name, { version, needs }] of Object.entries(READERS)) {
      const file = join(packageRoot(), `test/support/sbom-readers/${name}.go`);
      const program = goProgram({ name: `sbom-reader-${name}`, version, needs, main: { file } });
      if (program) answers[name] = JSON.parse(execFileSync(program, paths, { encoding: "utf8", stdio: "pipe" }));
    }
  }, GO_BUILD_TIMEOUT_MS);
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  test.for(["app.cdx.json", "app.spdx.json"])("grype's reader: %s", (name, { skip }) => {
    const answer = answers["grype"]?.[name];
    if (!answer) return skip();
    expect(answer.format).toBe(name === "app.cdx.json" ? "cyclonedx-json@1.6" : "spdx-json@2.3");
    expect(answer.packages).toEqual(
      expect.arrayContaining([
        "deb libc6 2.41-12 Apache-2.0",
        "deb libssl3t64 3.5.1-1+b2 Apache-2.0",
        "npm @hono/node-server 1.13.0 (MIT OR Apache-2.0)",
        "npm hono 4.6.0 MIT",
      ]),
    );
    expect(answer.packages.some((text) => / node 24\.11\.0 MIT$/.test(text))).toBe(true);
    expect(answer.distro).toBe("debian 13");
  });

  test.for(["app.cdx.json", "app.spdx.json"])("osv-scanner's reader: %s", (name, { skip }) => {
    const answer = answers["osv"]?.[name];
    if (!answer) return skip();
    const purls = answer.packages.filter((text) => text !== "").map((text) => decodeURIComponent(text));
    expect(purls).toEqual(expect.arrayContaining(PURLS.map((text) => decodeURIComponent(text))));
  });
});
