import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAlternatives } from "../../src/bases/alternatives.ts";
import { findAptCredentials } from "../../src/bases/apt-auth.ts";
import { parseAptConf, readAptConf } from "../../src/bases/apt-conf.ts";
import { findDebianMirrors } from "../../src/bases/apt-sources.ts";
import { imagePath } from "../../src/bases/deb.ts";
import { parseDeb822 } from "../../src/bases/deb822.ts";
import { compareDebianVersions, satisfiesRelation } from "../../src/bases/debian-version.ts";
import { parseDependencies } from "../../src/bases/dependencies.ts";
import { proxyFor } from "../../src/bases/download.ts";
import { openPackageIndex, parseProvides } from "../../src/bases/package-index.ts";
import { requireComponent } from "../support/machine.ts";
import { scratchDir } from "../support/scratch.ts";

describe("versions", () => {
  const hard = [
    "0",
    "0-0",
    "0:0",
    "1.0",
    "1.0-1",
    "1.0-1+b1",
    "1.0-1~bpo12+1",
    "1.0~rc1",
    "1.0~~",
    "1.0~",
    "1.0+dfsg",
    "1.0a",
    "1.0+",
    "1.0-1ubuntu1",
    "2:0.1",
    "1:1.3.dfsg+really1.3.1-1+b1",
    "1.3",
    "1.10",
    "1.9",
    "1.09",
    "001.9",
    "9-",
    "13.8+deb13u7",
    "13.8+deb13u10",
    "1.0.",
    "1.0-",
    "1.0z",
    "1.0-1.1",
    "1.0-1-1",
    "20250419",
    "2026c-0+deb13u1",
    "2026c",
    "~1",
    "a",
    "A",
  ];

  it.skipIf(!requireComponent("dpkg"))("sort as dpkg sorts them", () => {
    const valid = hard.filter((version) => spawnSync("dpkg", ["--validate-version", version]).status === 0);
    expect(valid.length).toBeGreaterThan(25);
    // One shell for all pairs: a process for each would take minutes.
    const pairs = valid.flatMap((a, i) => valid.slice(i).map((b) => [a, b] as const));
    expectSame(pairs);
  });

  it.skipIf(!requireComponent("dpkg"))("made up at random sort as dpkg sorts them", () => {
    const part = fc.stringMatching(/^[0-9][0-9a-c+~.]{0,7}$/);
    const version = fc
      .tuple(fc.option(fc.nat(3)), part, fc.option(fc.stringMatching(/^[0-9a-b+~.]{1,5}$/)))
      .map(
        ([epoch, upstream, revision]) =>
          `${epoch === null ? "" : `${epoch}:`}${upstream}${revision === null ? "" : `-${revision}`}`,
      );
    expectSame(fc.sample(fc.tuple(version, version), { numRuns: 400, seed: 7 }));
  });

  function expectSame(pairs: readonly (readonly [string, string])[]): void {
    const script = pairs
      .map(
        ([a, b]) =>
          `dpkg --compare-versions '${a}' lt '${b}' && echo -1 || { dpkg --compare-versions '${a}' eq '${b}' && echo 0 || echo 1; }`,
      )
      .join("\n");
    const answers = execFileSync("sh", ["-s"], { input: script, encoding: "utf8", stdio: ["pipe", "pipe", "ignore"] })
      .trim()
      .split("\n");
    expect(answers).toHaveLength(pairs.length);
    for (const [i, [a, b]] of pairs.entries()) {
      expect(Math.sign(compareDebianVersions(a, b)) + 0, `${a} against ${b}`).toBe(Number(answers[i]));
      expect(Math.sign(compareDebianVersions(b, a)) + 0, `${b} against ${a}`).toBe(-Number(answers[i]) + 0);
    }
  }

  it("relations", () => {
    expect(satisfiesRelation("1.0-1", ">=", "1.0")).toBe(true);
    expect(satisfiesRelation("1.0", ">>", "1.0")).toBe(false);
    expect(satisfiesRelation("1.0~rc1", "<<", "1.0")).toBe(true);
    expect(satisfiesRelation("1.0", "=", "1.0-0")).toBe(true);
    expect(satisfiesRelation("1.0", "<=", "0.9")).toBe(false);
  });
});

describe("control files", () => {
  it("have paragraphs, continuation lines and comments", () => {
    const text = "Package: a\n# remark\nDescription: one\n two\n .\n three\n\n\nPackage:b\r\nEmpty:\n";
    const [a, b] = parseDeb822(text);
    expect(Object.fromEntries(a ?? [])).toEqual({ package: "a", description: "one\ntwo\n.\nthree" });
    expect(Object.fromEntries(b ?? [])).toEqual({ package: "b", empty: "" });
  });

  it("dependencies: alternatives, versions, architecture qualifiers", () => {
    expect(parseDependencies("a (>= 1:2~), b:any | c (<< 3) [amd64], python3:any,\n d")).toEqual([
      [{ name: "a", relation: ">=", version: "1:2~" }],
      [{ name: "b" }, { name: "c", relation: "<<", version: "3" }],
      [{ name: "python3" }],
      [{ name: "d" }],
    ]);
    expect(parseDependencies("")).toEqual([]);
    expect([...parseProvides("awk, libfoo (= 1.2), bar")]).toEqual([
      ["awk", ""],
      ["libfoo", "1.2"],
      ["bar", ""],
    ]);
  });

  it("an index is read at random, whatever the paragraphs' sizes", () => {
    const path = join(scratchDir("index"), "Packages");
    const hash = "a".repeat(64);
    const sizes = fc.sample(fc.oneof(fc.nat(300), fc.nat(5_000), fc.constantFrom(70_000, 131_072, 400_000)), {
      numRuns: 500,
      seed: 3,
    });
    const paragraphs = sizes.map((size, i) =>
      [
        `Package: p${i}`,
        "Version: 1",
        `Provides: v${i % 7} (= ${i}), other`,
        `Description: ${"ü".repeat(size / 2)}`,
        `Filename: pool/p${i}.deb`,
        `Size: ${size}`,
        `SHA256: ${hash}`,
      ].join("\n"),
    );
    writeFileSync(path, paragraphs.join("\n\n"));
    const second = `${path}.security`;
    writeFileSync(second, `Package: p1\nVersion: 2\nFilename: pool/new.deb\nSize: 1\nSHA256: ${hash}\n`);
    const index = openPackageIndex([
      { path, archive: "debian" },
      { path: second, archive: "security" },
    ]);
    expect([...index.names()]).toEqual(sizes.map((_, i) => `p${i}`));
    for (const [i, size] of sizes.entries()) {
      if (i !== 1) expect(index.get(`p${i}`)).toMatchObject({ path: `pool/p${i}.deb`, size, archive: "debian" });
    }
    expect(index.get("p1")).toMatchObject({ version: "2", archive: "security" });
    expect(index.get("none")).toBeUndefined();
    expect(index.providersOf("v3")[1]).toEqual({ name: "p10", version: "10" });
    expect(index.providersOf("other")).toHaveLength(sizes.length);
  });

  it("alternatives are read out of scripts, where they are literal", () => {
    const script = `#!/bin/sh
if [ "$1" = configure ]; then
  update-alternatives --install /usr/lib/x86_64-linux-gnu/libblas.so.3 \\
    libblas.so.3-x86_64-linux-gnu /usr/lib/x86_64-linux-gnu/blas/libblas.so.3 10
  update-alternatives --quiet --install /usr/bin/awk awk /usr/bin/mawk 5 --slave /usr/share/man/awk.1 awk.1 /usr/share/man/mawk.1
  update-alternatives --install "$LINK" x /usr/bin/x 5; update-alternatives --remove y /usr/bin/y
  update-alternatives --install /../etc/x x /usr/bin/x 5
fi`;
    expect(readAlternatives(script)).toEqual([
      {
        link: "usr/lib/x86_64-linux-gnu/libblas.so.3",
        target: "/usr/lib/x86_64-linux-gnu/blas/libblas.so.3",
        priority: 10,
      },
      { link: "usr/bin/awk", target: "/usr/bin/mawk", priority: 5 },
      { link: "usr/share/man/awk.1", target: "/usr/share/man/mawk.1", priority: 5 },
    ]);
  });

  it("paths of packages lie in one tree", () => {
    expect(imagePath("lib/x86_64-linux-gnu/libc.so.6")).toBe("usr/lib/x86_64-linux-gnu/libc.so.6");
    expect(imagePath("lib64")).toBe("lib64");
    expect(imagePath("library/x")).toBe("library/x");
    expect(imagePath("var/run/postgresql")).toBe("run/postgresql");
    expect(imagePath("var/lock/x")).toBe("run/lock/x");
    expect(imagePath("var/run")).toBeUndefined();
    expect(imagePath("")).toBeUndefined();
  });
});

describe("apt's configuration", () => {
  function aptDir(files: Record<string, string>): string {
    const dir = mkdtempSync(join(tmpdir(), "knbuild-apt-"));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(dir, name, ".."), { recursive: true });
      writeFileSync(join(dir, name), text);
    }
    return dir;
  }

  it("names mirrors in both forms, Debian's own before others", () => {
    const oneLine = aptDir({
      "sources.list": [
        "# deb http://commented.example/debian trixie main",
        "deb [arch=amd64 signed-by=/usr/share/keyrings/vendor.gpg] https://vendor.example/debian bookworm main",
        "deb http://mirror.example/debian/ bookworm main contrib # remark",
        "deb http://mirror.example/debian bookworm-updates main",
        "deb-src http://src.example/debian bookworm main",
        "deb cdrom:[Debian]/ bookworm main",
        "deb http://security.example/debian-security/ bookworm-security main",
      ].join("\n"),
    });
    expect(findDebianMirrors(oneLine)).toEqual([
      { url: "http://mirror.example/debian", securityUrl: "http://security.example/debian-security" },
      { url: "https://vendor.example/debian", securityUrl: "http://security.example/debian-security" },
    ]);
    const deb822 = aptDir({
      "sources.list.d/debian.sources":
        "Types: deb deb-src\nURIs: https://one.example/debian https://two.example/debian/\nSuites: trixie trixie-updates\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n\nEnabled: no\nTypes: deb\nURIs: https://off.example/debian\nSuites: trixie\nComponents: main\n",
      "sources.list.d/vendor.sources":
        "Types: deb\nURIs: https://vendor.example/apt\nSuites: bookworm\nComponents: stable\n",
      "sources.list.d/other.list": "deb https://other.example/apt cloud-bookworm main\n",
      "sources.list.d/ignored.bak": "deb http://ignored.example/debian trixie main\n",
    });
    expect(findDebianMirrors(deb822)).toEqual([
      { url: "https://one.example/debian" },
      { url: "https://two.example/debian" },
    ]);
    expect(findDebianMirrors(join(tmpdir(), "knbuild-no-such-directory"))).toEqual([]);
  });

  it("gives proxies, by scheme and host, before the environment", () => {
    const dir = aptDir({
      "apt.conf.d/01proxy":
        '// remark\nAcquire { http { Proxy "http://proxy.example:3142/"; Proxy::direct.example "DIRECT"; }; };\n',
      "apt.conf.d/99ca": 'Acquire::https::CaInfo "/etc/ca.pem"; # remark\n/* Acquire::x "y"; */',
      "apt.conf.d/ignored.bak": 'Acquire::https::CaInfo "/etc/other.pem";',
      "apt.conf": 'APT::Get::Assume-Yes "true";',
    });
    const conf = readAptConf(dir);
    expect(conf.get("acquire::https::cainfo")).toBe("/etc/ca.pem");
    expect(conf.get("acquire::x")).toBeUndefined();
    const proxy = (url: string, env = {}) => proxyFor(new URL(url), conf, env);
    expect(proxy("http://mirror.example/")?.href).toBe("http://proxy.example:3142/");
    expect(proxy("https://mirror.example/")?.href).toBe("http://proxy.example:3142/");
    expect(proxy("http://direct.example/", { http_proxy: "http://env.example" })).toBeUndefined();
    const none = parseAptConf("");
    expect(proxyFor(new URL("http://a.example"), none, { http_proxy: "http://env.example:1" })?.href).toBe(
      "http://env.example:1/",
    );
    const socks = parseAptConf('Acquire::http::Proxy "socks5h://socks.example:1080";');
    expect(proxyFor(new URL("http://a.example"), socks, {})?.href).toBe("socks5h://socks.example:1080");
    const broken = parseAptConf('Acquire::http::Proxy "http://[bad";');
    expect(() => proxyFor(new URL("https://a.example"), broken, {})).toThrow(
      expect.objectContaining({ message: "the proxy is not a URL", where: "apt.conf: Acquire::http::Proxy" }),
    );
    const all = { ALL_PROXY: "socks5://env.example", no_proxy: "10.0.0.0/8" };
    expect(proxyFor(new URL("https://a.example"), none, all)?.protocol).toBe("socks5:");
    expect(proxyFor(new URL("http://10.1.2.3"), none, all)).toBeUndefined();
    expect(
      proxyFor(new URL("http://a.example"), none, {
        http_proxy: "http://env.example:1",
        no_proxy: "b.example, .example",
      }),
    ).toBeUndefined();
    expect(proxyFor(new URL("https://a.example"), none, { http_proxy: "http://env.example:1" })).toBeUndefined();
  });

  it("gives credentials to the host they are for, and to no other", () => {
    const dir = aptDir({
      "auth.conf": "machine private.example/debian login one password two\n",
      "auth.conf.d/more.conf": "# remark\nmachine http://plain.example\n  login three\n  password four\n",
    });
    const find = (url: string) => findAptCredentials(dir, new URL(url));
    expect(find("https://private.example/debian/dists")).toBe("one:two");
    expect(find("https://private.example/other")).toBeUndefined();
    expect(find("http://private.example/debian")).toBeUndefined();
    expect(find("http://plain.example/x")).toBe("three:four");
    expect(find("https://plain.example.evil.example/x")).toBeUndefined();
  });
});
