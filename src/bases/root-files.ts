/** What Debian's maintainer scripts would make and no script makes here: users, certificates, the usual directories. */
import type { ByteStream } from "../base/streams.ts";
import { readAll, streamOf } from "../base/streams.ts";
import type { TarEntry } from "../oci/layer-source.ts";

/** The user that images run as; the number that distroless gave it. */
const NONROOT = { name: "nonroot", uid: 65532, home: "/home/nonroot" } as const;

const PASSWD = [
  "root:x:0:0:root:/root:/sbin/nologin",
  "nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin",
  `${NONROOT.name}:x:${NONROOT.uid}:${NONROOT.uid}:${NONROOT.name}:${NONROOT.home}:/sbin/nologin`,
];
// The static groups of Debian's base-passwd that packages' files belong to.
const GROUP = [
  "root:x:0:",
  "tty:x:5:",
  "mail:x:8:",
  "shadow:x:42:",
  "utmp:x:43:",
  "staff:x:50:",
  "nogroup:x:65534:",
  `nonroot:x:${NONROOT.uid}:`,
];
const NSSWITCH = [
  "passwd: files",
  "group: files",
  "shadow: files",
  "hosts: files dns",
  "networks: files",
  "protocols: files",
  "services: files",
];

const CERTIFICATE_LIMIT = 1 << 20;

/** The entries besides the packages' own; they win over a package's entry of the same path. */
export async function rootFiles(packageEntries: ReadonlyMap<string, TarEntry>): Promise<TarEntry[]> {
  return [
    file("etc/passwd", lines(PASSWD)),
    file("etc/group", lines(GROUP)),
    file("etc/nsswitch.conf", lines(NSSWITCH)),
    file("etc/timezone", "Etc/UTC\n"),
    link("etc/localtime", "/usr/share/zoneinfo/Etc/UTC"),
    link("etc/dpkg/origins/default", "debian"),
    directory("root", 0o700),
    directory("home", 0o755),
    directory("home/nonroot", 0o700, NONROOT.uid),
    directory("tmp", 0o1777),
    directory("var/tmp", 0o1777),
    directory("run", 0o755),
    directory("run/lock", 0o1777),
    link("var/run", "/run"),
    link("var/lock", "/run/lock"),
    ...(await certificates(packageEntries)),
  ];
}

/** One file of all authorities, in the order of their names: what update-ca-certificates makes of an untouched selection. */
async function certificates(entries: ReadonlyMap<string, TarEntry>): Promise<TarEntry[]> {
  const paths = [...entries.keys()].filter((path) => /^usr\/share\/ca-certificates\/.*\.crt$/.test(path)).sort();
  if (paths.length === 0) return [];
  const texts: string[] = [];
  for (const path of paths) {
    const entry = entries.get(path);
    if (entry?.type !== "file") continue;
    const text = Buffer.from(await readAll(entry.open(), CERTIFICATE_LIMIT, path)).toString("latin1");
    texts.push(text.endsWith("\n") ? text : `${text}\n`);
  }
  return [file("etc/ssl/certs/ca-certificates.crt", texts.join(""))];
}

/** A small generated file, owned by root. */
export function file(path: string, text: string): TarEntry {
  const bytes = Buffer.from(text);
  const open = (): ByteStream => streamOf(bytes);
  return { type: "file", path, mode: 0o644, uid: 0, gid: 0, mtime: 0, size: bytes.byteLength, open };
}

function directory(path: string, mode: number, owner = 0): TarEntry {
  return { type: "directory", path, mode, uid: owner, gid: owner, mtime: 0 };
}

export function link(path: string, target: string): TarEntry {
  return { type: "symlink", path, mode: 0o777, uid: 0, gid: 0, mtime: 0, target };
}

function lines(list: readonly string[]): string {
  return `${list.join("\n")}\n`;
}
