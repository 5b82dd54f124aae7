/** A Debian archive of a few packages, made by dpkg-deb, signed by a key of its own, served over HTTP. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { createCleartextMessage, generateKey, type PrivateKey, sign } from "openpgp";

export interface SmallPackage {
  name: string;
  version?: string;
  fields?: Record<string, string>;
  /** Path → text, or a link. */
  files?: Record<string, string | { link: string }>;
  postinst?: string;
  /** dpkg-deb -Z. */
  compression?: "xz" | "gzip" | "zstd" | "none";
}

export interface SuiteOptions {
  date?: Date;
  validUntil?: Date;
  codename?: string;
  byHash?: boolean;
  key?: PrivateKey;
  /** Contents-amd64 of the suite. */
  contents?: string;
  /** Lists components below `updates/`, as the security archive does. */
  security?: boolean;
}

export interface SmallArchive {
  url: string;
  /** Armored public key. */
  keyring: string;
  dir: string;
  /** Paths that were asked for since the last look. */
  takeRequests(): string[];
  /** Bytes to serve in place of a path; null: 404. */
  replaced: Map<string, Buffer | null>;
  /** Builds the packages and publishes a suite of them below `root`. */
  publish(root: string, suite: string, packages: readonly SmallPackage[], options?: SuiteOptions): Promise<void>;
  handler: (request: IncomingMessage, response: ServerResponse) => void;
  close(): Promise<void>;
}

export async function newKey(): Promise<{ privateKey: PrivateKey; publicKey: string }> {
  const { privateKey, publicKey } = await generateKey({
    type: "ecc",
    curve: "ed25519Legacy",
    userIDs: [{ name: "Archive of a test" }],
    date: new Date("2020-01-01"),
    format: "object",
  });
  return { privateKey, publicKey: publicKey.armor() };
}

export async function startSmallArchive(): Promise<SmallArchive> {
  const dir = mkdtempSync(join(tmpdir(), "knbuild-archive-"));
  const key = await newKey();
  const keyring = join(dir, "archive.asc");
  writeFileSync(keyring, key.publicKey);
  const files = new Map<string, Buffer>();
  const replaced = new Map<string, Buffer | null>();
  let requests: string[] = [];
  const handler = (request: IncomingMessage, response: ServerResponse) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    requests.push(path);
    const bytes = replaced.has(path) ? replaced.get(path) : files.get(path);
    response.writeHead(bytes ? 200 : 404).end(bytes ?? "no such file");
  };
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keyring,
    dir,
    replaced,
    handler,
    takeRequests() {
      const taken = requests;
      requests = [];
      return taken;
    },
    async publish(root, suite, packages, options = {}) {
      const stanzas = packages.map((wanted) => {
        const { bytes, control } = buildPackage(dir, wanted);
        const path = `pool/main/${wanted.name[0]}/${wanted.name}/${wanted.name}_${wanted.version ?? "1.0"}_amd64.deb`;
        files.set(`${root}/${path}`, bytes);
        return `${control.trim()}\nFilename: ${path}\nSize: ${bytes.length}\nSHA256: ${sha256(bytes)}\n`;
      });
      const base = `${root}/dists/${suite}`;
      const listed: string[] = [];
      const add = (path: string, bytes: Buffer) => {
        const inRelease = options.security ? `updates/${path}` : path;
        listed.push(` ${sha256(bytes)} ${bytes.length} ${inRelease}`);
        files.set(`${base}/${path}`, bytes);
        if (options.byHash) files.set(`${base}/${dirname(path)}/by-hash/SHA256/${sha256(bytes)}`, bytes);
      };
      const index = Buffer.from(stanzas.join("\n"));
      add("main/binary-amd64/Packages.gz", gzipSync(index));
      add("main/binary-amd64/Packages.xz", execFileSync("xz", ["-c"], { input: index }));
      if (options.contents !== undefined) add("main/Contents-amd64.gz", gzipSync(options.contents));
      const lines = [
        "Origin: Test",
        `Codename: ${options.codename ?? suite}`,
        `Date: ${(options.date ?? new Date()).toUTCString()}`,
        ...(options.validUntil ? [`Valid-Until: ${options.validUntil.toUTCString()}`] : []),
        ...(options.byHash ? ["Acquire-By-Hash: yes"] : []),
        "SHA256:",
        ...listed,
      ];
      const message = await createCleartextMessage({ text: `${lines.join("\n")}\n` });
      const signed = await sign({ message, signingKeys: options.key ?? key.privateKey });
      files.set(`${base}/InRelease`, Buffer.from(signed));
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function buildPackage(dir: string, wanted: SmallPackage): { bytes: Buffer; control: string } {
  const root = mkdtempSync(join(dir, "package-"));
  const control = Object.entries({
    Package: wanted.name,
    Version: wanted.version ?? "1.0",
    Architecture: "amd64",
    Maintainer: "A Test <test@example.org>",
    Description: `package ${wanted.name}\n of a test`,
    ...wanted.fields,
  })
    .map(([name, value]) => `${name}: ${value}\n`)
    .join("");
  mkdirSync(join(root, "DEBIAN"));
  writeFileSync(join(root, "DEBIAN/control"), control);
  const sums: string[] = [];
  for (const [path, content] of Object.entries(wanted.files ?? {})) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    if (typeof content !== "string") symlinkSync(content.link, join(root, path));
    else {
      writeFileSync(join(root, path), content);
      sums.push(`${createHash("md5").update(content).digest("hex")}  ${path}\n`);
    }
  }
  writeFileSync(join(root, "DEBIAN/md5sums"), sums.join(""));
  chmodSync(root, 0o755);
  if (wanted.postinst !== undefined) writeFileSync(join(root, "DEBIAN/postinst"), wanted.postinst, { mode: 0o755 });
  const out = `${root}.deb`;
  execFileSync("dpkg-deb", ["--root-owner-group", `-Z${wanted.compression ?? "xz"}`, "--build", root, out], {
    stdio: "pipe",
    env: { ...process.env, SOURCE_DATE_EPOCH: "1700000000" },
  });
  return { bytes: readFileSync(out), control };
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
