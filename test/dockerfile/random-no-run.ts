/**
 * Dockerfiles without RUN put together by chance: what one would not think of writing down. The same seed gives the same one.
 * Many of them are refused; then knbuild must refuse them too.
 */
import type { NoRunCase } from "./no-run-cases.ts";

interface Chance {
  pick<T>(list: readonly T[]): T;
  /** true in `share` of all cases. */
  maybe(share: number): boolean;
}

function createChance(seed: number): Chance {
  let state = (seed * 2654435761) >>> 0 || 1;
  // xorshift32
  const next = (): number => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 0x1_0000_0000;
  };
  return { pick: (list) => list[Math.floor(next() * list.length)] as never, maybe: (share) => next() < share };
}

const BASES = ["scratch", "BASE", "BASE", "BASE", "TRIGGERS"] as const;
const DESTINATIONS = [
  ...["/x", "/x/", "/x/y", "./", ".", "rel", "rel/", "../up/", "/x/./y/", "/deep/a/b/c", "/", "/opt/app", "/opt/app/"],
  ...[
    "/opt/app/run.sh",
    "/data/new",
    "/data/",
    "/data",
    "/lib",
    "/lib/",
    "/lib/q",
    "/usr/lib/q/",
    "/tmp/",
    "/etc/passwd",
  ],
  ...["/etc/passwd/", "/srv/data/old", "/srv/data/old/x", "/opt/second", "/opt/app/.", "${D}/v/", "$D", '"/quo ted/"'],
] as const;
const SOURCES = [
  ...["a.txt", "b.txt", "./a.txt", "/a.txt", "../a.txt", "src", "src/", "./src", "/src/.", "src/deep", "src/*", "s*"],
  ...["*.txt", "modes", "modes/in", "link.txt", "dirlink", "dirlink/", "links", "links/*", "src/deep/../x.md", "empty"],
  ...["src/deep/[a-d]*", "src/[^x]*", "?.txt", "missing", "no*thing", "src/./deep", "links/directory/x.md", "a.tx[t]"],
  ...["with\\ space.txt", "${S}", "${S:-b.txt}", ".", "packed.tar.gz"],
] as const;
const IMAGE_SOURCES = [
  ...[
    "/etc/passwd",
    "/opt/app",
    "/opt/app/",
    "/opt",
    "/data",
    "/data/",
    "/lib",
    "/lib/x.so",
    "/usr/bin/tool",
    "/usr/*",
  ],
  ...["/srv/*/old", "/srv/data/../data/old", "etc/group", "/usr/bin", "/gone", "/opt/app/gone", "/tmp", "/"],
] as const;
const ARCHIVES = [
  "plain.tar",
  "packed.tar.gz",
  "packed.tar.bz2",
  "packed.tar.xz",
  "packed.tar.zst",
  "packed.*",
  "a.txt",
];
const OWNERS = [
  "0",
  "12:34",
  "7",
  "app",
  "app:staff",
  "0:50",
  ":50",
  "12:staff",
  "app:77",
  "$U",
  "nobody-here",
] as const;
const MODES = [
  ...["755", "0644", "4755", "1777", "u+x", "+x", "go-rwx,a=rX", "u=rwX,go=rX", "g=u", "a+t", "u+s,g+s", "o=", "=r"],
  ...["ug=rw,o=r", "a-x+X", "0", "7777", "u=rwx,g=rx,o=", "888", "u+q", "$M"],
] as const;
const EXCLUDES = [
  "*.md",
  "**/*.c",
  "deep",
  "deep/d*",
  "**",
  "!deep/m.c",
  "x*",
  "**/m.c",
  "app/*",
  "*.txt",
  "in",
] as const;

/** One Dockerfile of one to three stages. */
export function randomNoRun(seed: number): NoRunCase {
  const chance = createChance(seed);
  const { pick, maybe } = chance;
  const stages = pick([1, 1, 2, 3]);
  const lines: string[] = [];
  if (maybe(0.3)) lines.push("ARG S=a.txt D=/arg U=5 M=700");
  const names: string[] = [];
  for (let i = 0; i < stages; i++) {
    const base = i > 0 && maybe(0.4) ? (names[i - 1] as string) : pick(BASES);
    const name = `stage${i}`;
    lines.push(`FROM ${base} AS ${name}`);
    names.push(name);
    if (maybe(0.5))
      lines.push(pick(["ARG S", "ARG S=b.txt D=/arg U=app:staff M=u=rw", "ENV D=/env S=src U=9:8 M=640"]));
    for (let count = pick([1, 2, 3, 4]); count > 0; count--) {
      const line = instruction(chance, names.slice(0, i), base);
      lines.push(maybe(0.06) ? `ONBUILD ${line}` : line);
    }
  }
  const ignore = maybe(0.25) ? { ".dockerignore": `${pick(IGNORES)}\n` } : undefined;
  return {
    name: `by chance ${seed}`,
    random: true,
    dockerfile: `${lines.join("\n")}\n`,
    ...(ignore && { files: ignore }),
    ...(maybe(0.2) && { buildArgs: { D: "/given", M: "600" } }),
  };
}

const IGNORES = [
  "*\n!src\n!a.txt",
  "src/deep\n*.tar*\nmodes/in",
  "**/*.c\n!src/deep/m.c",
  "# no\n/a.txt\n\n  b.txt  \n!b.txt",
  "*.txt\n!w*",
  "**\n!**/*.md\n!dirlink",
  "src/\n!src/y.js\nsrc/y*\n",
  "!a.txt\na.txt\nlin[k]s/b*",
] as const;

function instruction(chance: Chance, stages: readonly string[], base: string): string {
  const { pick, maybe } = chance;
  const kind = pick(["copy", "copy", "copy", "copy", "add", "workdir", "user", "config", "config"]);
  if (kind === "workdir")
    return `WORKDIR ${pick(["/w", "w/x", "..", "/opt/app", "/data/in", "/lib/new", "$D", "/opt/app/run.sh", '"/a b"', "."])}`;
  if (kind === "user") return `USER ${pick(["app", "12", "12:13", "app:staff", "nobody-here", "${U:-3}", "root"])}`;
  if (kind === "config") return pick(CONFIG);
  if (kind === "add") {
    const flags = [
      ...(maybe(0.3) ? [`--chown=${pick(OWNERS)}`] : []),
      ...(maybe(0.15) ? [`--chmod=${pick(MODES)}`] : []),
      ...(maybe(0.1) ? [`--unpack=${pick(["true", "false"])}`] : []),
    ];
    return ["ADD", ...flags, pick(ARCHIVES), pick(DESTINATIONS)].join(" ");
  }
  const from = maybe(0.35) ? pick([...stages, ...stages.map((_, i) => String(i)), "BASE"]) : undefined;
  const flags = [
    ...(from === undefined ? [] : [`--from=${from}`]),
    ...(maybe(0.3) ? [`--chown=${pick(OWNERS)}`] : []),
    ...(maybe(0.3) ? [`--chmod=${pick(MODES)}`] : []),
    ...(maybe(0.2) ? [`--exclude=${pick(EXCLUDES)}`] : []),
    ...(maybe(0.1) ? [`--exclude=${pick(EXCLUDES)}`] : []),
    ...(maybe(0.2) ? ["--parents"] : []),
    ...(maybe(base === "scratch" ? 0 : 0.15) ? ["--link"] : []),
  ];
  // Whether BuildKit sees that one of these is missing depends on its cache.
  const images = flags.includes("--parents") ? IMAGE_SOURCES.filter((path) => !path.endsWith("gone")) : IMAGE_SOURCES;
  const list: readonly string[] = from === undefined ? SOURCES : images;
  const sources = [pick(list), ...(maybe(0.3) ? [pick(list)] : [])];
  return ["COPY", ...flags, ...sources, pick(DESTINATIONS)].join(" ");
}

const CONFIG = [
  "ENV D=/one S=$D",
  "ENV A=1 B=${A:-x} PATH=/p:$PATH",
  "ENV old  style $A",
  "LABEL a=b c=${D} a=z",
  "EXPOSE 80 $A 443/tcp",
  "EXPOSE 8080/TCP 9000-9001/udp",
  "VOLUME /data $D",
  'CMD ["a", "$A"]',
  "CMD run $A",
  'ENTRYPOINT ["/e"]',
  "ENTRYPOINT x",
  "STOPSIGNAL ${SIG:-SIGINT}",
  "HEALTHCHECK --interval=5s CMD true",
  "HEALTHCHECK NONE",
  'SHELL ["/bin/ash", "-c"]',
  "MAINTAINER me",
  "ARG S=src D",
  "COPY <<a.txt <<'b' /here/\n$D\na.txt\n$D\nb",
] as const;
