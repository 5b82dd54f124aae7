// The base of the peers: node, npm and a shell of this machine, as an image in the local registry. Nothing comes from outside.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

const PROGRAMS = ["sh", "env", "sed", "dirname", "uname", "ls"];

function makeRoot(root) {
  const programs = PROGRAMS.map((name) => realpathSync(`/usr/bin/${name}`));
  const node = realpathSync(process.execPath);
  const ldd = spawnSync("ldd", [node, ...programs], { encoding: "utf8" }).stdout;
  const libraries = new Set([...ldd.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map((match) => match[1]));
  for (const dir of ["usr/bin", "usr/lib", "usr/lib64", "tmp", "app", "etc/ssl/certs", "root"])
    mkdirSync(join(root, dir), { recursive: true });
  for (const link of ["bin", "lib", "lib64"]) spawnSync("ln", ["-s", `usr/${link}`, join(root, link)]);
  const copy = (from, to) => cpSync(realpathSync(from), join(root, to), { recursive: true, dereference: true });
  for (const library of libraries) copy(library, library.startsWith("/usr/") ? library : `usr${library}`);
  copy(node, "usr/bin/node");
  for (const program of programs) copy(program, `usr/bin/${program.split("/").at(-1)}`);
  if (!existsSync(join(root, "usr/bin/sh")))
    spawnSync("ln", ["-s", programs[0].split("/").at(-1), join(root, "usr/bin/sh")]);
  const npm = join(spawnSync("npm", ["root", "--global"], { encoding: "utf8" }).stdout.trim(), "npm");
  copy(npm, "usr/lib/node_modules/npm");
  writeFileSync(join(root, "usr/bin/npm"), '#!/bin/sh\nexec node /usr/lib/node_modules/npm/bin/npm-cli.js "$@"\n', {
    mode: 0o755,
  });
  if (existsSync("/etc/ssl/certs/ca-certificates.crt"))
    copy("/etc/ssl/certs/ca-certificates.crt", "etc/ssl/certs/ca-certificates.crt");
  const config = JSON.parse(spawnSync("npm", ["config", "ls", "-l", "--json"], { encoding: "utf8" }).stdout);
  writeFileSync(
    join(root, "root/.npmrc"),
    `registry=${config.registry}\ncafile=/etc/ssl/certs/ca-certificates.crt\nupdate-notifier=false\n`,
  );
}

/** An OCI image layout with one image of one layer. @returns its directory */
export function makeBase(scratch) {
  const root = join(scratch, "base");
  mkdirSync(root);
  makeRoot(root);
  const archive = join(scratch, "base.tar.gz");
  spawnSync("tar", ["-C", root, "-czf", archive, "."]);
  const layout = join(scratch, "base-layout");
  mkdirSync(join(layout, "blobs/sha256"), { recursive: true });
  const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
  const put = (bytes, mediaType) => {
    const hex = sha256(bytes);
    writeFileSync(join(layout, "blobs/sha256", hex), bytes);
    return { mediaType, digest: `sha256:${hex}`, size: bytes.length };
  };
  const json = (value, mediaType) => put(Buffer.from(JSON.stringify(value)), mediaType);
  const gzip = readFileSync(archive);
  const layer = put(gzip, "application/vnd.oci.image.layer.v1.tar+gzip");
  const config = json(
    {
      architecture: "amd64",
      os: "linux",
      config: { Env: ["PATH=/usr/bin:/bin"] },
      history: [{ created: "1970-01-01T00:00:00Z", created_by: "bench" }],
      rootfs: { type: "layers", diff_ids: [`sha256:${sha256(gunzipSync(gzip))}`] },
    },
    "application/vnd.oci.image.config.v1+json",
  );
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const manifest = json({ schemaVersion: 2, mediaType, config, layers: [layer] }, mediaType);
  writeFileSync(join(layout, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(
    join(layout, "index.json"),
    JSON.stringify({
      schemaVersion: 2,
      manifests: [{ ...manifest, annotations: { "org.opencontainers.image.ref.name": "1" } }],
    }),
  );
  return layout;
}
