/** Dockerfiles without RUN, each with what it copies: built by knbuild and by BuildKit, and compared. */

export interface NoRunCase {
  name: string;
  dockerfile: string;
  /** Besides the context that all share. */
  files?: Record<string, string>;
  /** The Dockerfile lies outside of the context, with these files beside it. */
  beside?: Record<string, string>;
  buildArgs?: Record<string, string>;
  target?: string;
  /** BuildKit refuses it: so must knbuild. */
  fails?: boolean;
  /** Put together by chance: whether it is refused is BuildKit's to say. */
  random?: true;
  /** In the list of files of both. */
  holds?: string;
}

/** BASE, TRIGGERS: images of the test's registry. URL: its web server. */
export const NO_RUN_CASES: readonly NoRunCase[] = [
  { name: "a file", dockerfile: "FROM scratch\nCOPY a.txt /a.txt\n" },
  { name: "into a new directory", dockerfile: "FROM scratch\nCOPY a.txt /x/y/\n" },
  { name: "under another name", dockerfile: "FROM scratch\nCOPY a.txt /x/y/z\n" },
  { name: "a directory's content", dockerfile: "FROM scratch\nCOPY src /app\n" },
  { name: "a directory with a slash", dockerfile: "FROM scratch\nCOPY src/ /app/\n" },
  { name: "the whole context", dockerfile: "FROM scratch\nCOPY . .\n" },
  {
    name: "an ignore file beside a Dockerfile outside of the context",
    dockerfile: "FROM scratch\nCOPY . .\n",
    files: { ".dockerignore": "src\n" },
    beside: { "Dockerfile.dockerignore": "*\n!src\n!b.txt\n", ".dockerignore": "b.txt\n" },
  },
  {
    name: "the context's ignore file for a Dockerfile outside of it",
    dockerfile: "FROM scratch\nCOPY . .\n",
    files: { ".dockerignore": "src\n" },
    beside: { ".dockerignore": "b.txt\n" },
  },
  {
    name: "a git repository: a tag, a directory of a branch, what it holds now",
    dockerfile:
      "FROM scratch\nADD URL/repo.git#v1 /v1\nADD --chown=7:8 --chmod=700 URL/repo.git#main:sub /s/\nADD --exclude=sub URL/repo.git /x/\n",
    holds: "later.txt",
  },
  { name: "a git repository that is not there", dockerfile: "FROM scratch\nADD URL/none.git /x\n", fails: true },
  { name: "several sources", dockerfile: "FROM scratch\nCOPY a.txt b.txt src /all/\n" },
  { name: "several sources without a slash", dockerfile: "FROM scratch\nCOPY a.txt b.txt /all\n" },
  { name: "a wildcard", dockerfile: "FROM scratch\nCOPY *.txt /t/\n" },
  { name: "a wildcard in a directory", dockerfile: "FROM scratch\nCOPY src/*/[dm]*.? /t/\n" },
  { name: "a wildcard for directories", dockerfile: "FROM scratch\nCOPY s* /t/\n" },
  { name: "a wildcard for nothing", dockerfile: "FROM scratch\nCOPY a.txt nothing* /t/\n" },
  {
    name: "a wildcard for nothing in a directory",
    dockerfile: "FROM scratch\nCOPY a.txt src/zz*.c /t/\n",
    fails: true,
  },
  {
    name: "a wildcard for nothing in a directory that is copied from",
    dockerfile: "FROM scratch\nCOPY src/deep/m.c src/zz*.c /t/\n",
  },
  { name: "a wildcard that is none", dockerfile: "FROM scratch\nCOPY [a /t/\n", fails: true },
  { name: "a variable in --from", dockerfile: "FROM scratch AS a\nARG F=a\nCOPY --from=$F /x /y\n", fails: true },
  { name: "an exclude from the root", dockerfile: "FROM scratch\nCOPY --exclude=/x.md src /app/\n" },
  { name: "chmod by another class", dockerfile: "FROM scratch\nCOPY --chmod=g=u,o=g modes /m/\n" },
  { name: "a missing file", dockerfile: "FROM scratch\nCOPY missing.txt /t/\n", fails: true },
  { name: "a JSON form with spaces", dockerfile: 'FROM scratch\nCOPY ["with space.txt", "/a dir/"]\n' },
  { name: "a link is followed where it is named", dockerfile: "FROM scratch\nCOPY link.txt dirlink /t/\n" },
  { name: "links inside stay", dockerfile: "FROM scratch\nCOPY links /t\n" },
  { name: "modes of files", dockerfile: "FROM scratch\nCOPY modes /m\n" },
  { name: "chown by number", dockerfile: "FROM scratch\nCOPY --chown=12:34 src /app/src\n" },
  { name: "chown by number alone", dockerfile: "FROM scratch\nCOPY --chown=12 src /app/src\n" },
  { name: "chown by name", dockerfile: "FROM BASE\nCOPY --chown=app:staff src /new/dir/\n" },
  { name: "chown by user alone", dockerfile: "FROM BASE\nCOPY --chown=app a.txt /new/\n" },
  { name: "chown by an unknown name", dockerfile: "FROM BASE\nCOPY --chown=nobody-here a.txt /new/\n" },
  { name: "chown by name on scratch", dockerfile: "FROM scratch\nCOPY --chown=app a.txt /new/\n", fails: true },
  { name: "chmod octal", dockerfile: "FROM scratch\nCOPY --chmod=640 src /app/\n" },
  { name: "chmod to nothing", dockerfile: "FROM scratch\nCOPY --chmod=0 src /app/\n" },
  {
    name: "parents through a link",
    dockerfile: "FROM scratch\nCOPY --from=BASE --parents /lib/x.so /out/\n",
    fails: true,
  },
  { name: "chmod with set-id", dockerfile: "FROM scratch\nCOPY --chmod=4755 a.txt /app/a\n" },
  { name: "chmod symbolic", dockerfile: "FROM scratch\nCOPY --chmod=u=rwX,go=rX modes /m/\n" },
  { name: "chmod symbolic, more", dockerfile: "FROM scratch\nCOPY --chmod=a-w,u+s,g+w modes /m/\n" },
  { name: "chmod of nonsense", dockerfile: "FROM scratch\nCOPY --chmod=9a a.txt /m/\n", fails: true },
  { name: "exclude", dockerfile: "FROM scratch\nCOPY --exclude=*.md --exclude=deep/d* src /app/\n" },
  {
    name: "parents, and the source itself excluded",
    dockerfile: "FROM scratch\nCOPY --exclude=deep --parents src/./deep ./src /x/\n",
    fails: true,
  },
  {
    name: "parents, and an exclude that means another place",
    dockerfile: "FROM scratch\nCOPY --exclude=deep --parents src/deep /x/\n",
  },
  { name: "exclude with an exception", dockerfile: "FROM scratch\nCOPY --exclude=** --exclude=!deep/m.c src /app/\n" },
  { name: "parents", dockerfile: "FROM scratch\nCOPY --parents src/deep/m.c a.txt /app/\n" },
  { name: "parents with a pivot", dockerfile: "FROM scratch\nCOPY --parents src/./deep/m.c /app/\n" },
  { name: "parents of the root", dockerfile: "FROM scratch\nCOPY --parents . /app/\n", fails: true },
  {
    name: "parents of the root of a stage",
    dockerfile: "FROM scratch\nCOPY --from=BASE --parents / /app/\n",
    fails: true,
  },
  { name: "parents of the pivot", dockerfile: "FROM scratch\nCOPY --parents src/./ /app/\n", fails: true },
  { name: "parents with wildcards", dockerfile: "FROM scratch\nCOPY --parents src/**/*.c /app/\n" },
  { name: "link, chown by name", dockerfile: "FROM BASE\nCOPY --link --chown=app a.txt /x/\n", fails: true },
  {
    name: "link, chown by name and chmod",
    dockerfile: "FROM BASE\nCOPY --link --chown=app:staff --chmod=640 a.txt /x/\nCOPY --link --chmod=a-x+X src /y/\n",
  },
  { name: "link over a file", dockerfile: "FROM BASE\nCOPY --link src /etc/passwd/\nCOPY a.txt /q\n" },
  {
    name: "link, chmod, over a file",
    dockerfile: "FROM BASE\nCOPY --link --chmod=640 src /etc/passwd/\n",
    fails: true,
  },
  { name: "link", dockerfile: "FROM BASE\nCOPY --link a.txt /linked/a.txt\n" },
  {
    name: "a file's capabilities go with it",
    dockerfile: "FROM scratch\nCOPY --from=BASE /usr/bin/binds /binds\nCOPY --from=BASE --chown=3:4 /usr/bin/ /all/\n",
    holds: "security.capability=0100000280",
  },
  {
    name: "from a stage by name",
    dockerfile: "FROM scratch AS one\nCOPY --chown=3:4 src /s\nFROM scratch\nCOPY --from=one /s /t\n",
  },
  {
    name: "from a stage by number",
    dockerfile: "FROM scratch\nCOPY src /s\nFROM scratch\nCOPY --from=0 /s/deep/ /t/\n",
  },
  {
    name: "from an image",
    dockerfile: "FROM scratch\nCOPY --from=BASE /opt/app /copied\nCOPY --from=BASE /etc/passwd /usr/bin/tool /files/\n",
  },
  {
    name: "from an image through a link",
    dockerfile: "FROM scratch\nCOPY --from=BASE /data/ /out/\nCOPY --from=BASE /lib/x.so /lib/\n",
  },
  {
    name: "a target",
    dockerfile: "FROM scratch AS a\nCOPY a.txt /\nFROM a AS b\nCOPY b.txt /\nFROM scratch\nCOPY src /\n",
    target: "b",
  },
  {
    name: "a stage on a stage",
    dockerfile: 'FROM BASE AS a\nENV X=1\nENTRYPOINT ["/a"]\nCMD ["c"]\nFROM a\nENV Y=$X\nENTRYPOINT ["/b"]\n',
  },
  { name: "into what a base has", dockerfile: "FROM BASE\nCOPY a.txt /opt/app\nCOPY src /opt/app\nCOPY b.txt /tmp/\n" },
  { name: "through a base's links", dockerfile: "FROM BASE\nCOPY a.txt /data/new/\nCOPY b.txt /lib/b.so\n" },
  { name: "over a base's file", dockerfile: "FROM BASE\nCOPY a.txt /opt/app/run.sh\n" },
  { name: "a file over a directory", dockerfile: "FROM BASE\nCOPY src /opt/app/run.sh\n", fails: true },
  { name: "workdir", dockerfile: "FROM scratch\nWORKDIR /a\nWORKDIR b/../c\nCOPY a.txt .\nCOPY b.txt ./d/\n" },
  { name: "workdir as it is written", dockerfile: "FROM scratch\nWORKDIR /a//b/./c/\nCOPY a.txt .\n" },
  { name: "a user of nothing", dockerfile: "FROM scratch\nARG A\nUSER $A\nCOPY a.txt /\n" },
  {
    name: "an ignore file that is broken",
    dockerfile: "FROM scratch\nCOPY . /\n",
    files: { ".dockerignore": "src\n[a-\n" },
    fails: true,
  },
  { name: "workdir of a user", dockerfile: "FROM BASE\nUSER app\nWORKDIR /home/app/work/x\nCOPY a.txt .\n" },
  { name: "workdir that is there", dockerfile: "FROM BASE\nWORKDIR /opt/app\nCOPY a.txt here.txt\n" },
  {
    name: "variables",
    dockerfile:
      'ARG V=1\nFROM scratch\nARG V\nARG W=${V}x\nENV A=${V:-no} B="$W y" C=\'$W\' D=${UNSET:+x}e\nLABEL l="${A}" "m n"=o\nCOPY ${V:+a}.txt /$W/\nUSER ${A}\n',
    buildArgs: { V: "2" },
  },
  {
    name: "platform arguments",
    dockerfile:
      "FROM --platform=$TARGETPLATFORM scratch\nARG TARGETARCH\nARG TARGETOS\nARG TARGETPLATFORM\nARG BUILDPLATFORM\nENV P=$TARGETOS-$TARGETARCH-$TARGETPLATFORM\nCOPY a.txt /$TARGETARCH/\n",
  },
  { name: "base's variables", dockerfile: "FROM BASE\nENV NEW=$FOO:more PATH=/x:$PATH\nWORKDIR $FOO\nCOPY a.txt .\n" },
  {
    name: "heredocs",
    dockerfile:
      'FROM scratch\nENV N=7\nCOPY <<EOF <<-"RAW" /h/\nn is $N \\$N "quoted"\nEOF\n\t$N stays\n\tRAW\nCOPY --chmod=755 --chown=8:9 <<x.sh /bin/run\n#!/bin/sh\nx.sh\n',
  },
  {
    name: "everything of the configuration",
    dockerfile:
      'FROM scratch\nMAINTAINER me <m@e>\nENV A=1 B="two words"\nENV OLD style value\nLABEL a=b c="d e"\nEXPOSE 8080 53/udp 9000-9002 127.0.0.1:80:81/TCP\nVOLUME /v ["/w"]\nVOLUME ["/x", "/y"]\nUSER 12:13\nSTOPSIGNAL SIGUSR1\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nHEALTHCHECK --interval=1m30s --timeout=500ms --retries=3 --start-period=2s CMD curl -f http://localhost\nCMD echo "$A" \'x\'\n',
  },
  { name: "entrypoint and command", dockerfile: 'FROM BASE\nCMD ["a"]\nENTRYPOINT exec /x "$@"\nHEALTHCHECK NONE\n' },
  { name: "an entrypoint takes the base's command away", dockerfile: 'FROM BASE\nENTRYPOINT ["/e"]\n' },
  { name: "onbuild is kept", dockerfile: "FROM scratch\nONBUILD COPY a.txt /t/\nONBUILD ENV X=1\n" },
  { name: "onbuild fires", dockerfile: "FROM TRIGGERS\nCOPY b.txt /after/\n" },
  {
    name: "onbuild fires from a stage",
    dockerfile:
      "FROM scratch AS a\nONBUILD COPY a.txt /t/\nONBUILD LABEL fired=yes\nFROM a AS b\nFROM b\nCOPY b.txt /\n",
  },
  {
    name: "add of archives",
    dockerfile: "FROM scratch\nADD plain.tar /p/\nADD packed.tar.gz /g\nADD packed.tar.bz2 packed.tar.xz /bx/\n",
  },
  {
    name: "add of an archive that is not unpacked",
    dockerfile: "FROM scratch\nADD --unpack=false packed.tar.gz /g/\nCOPY packed.tar.gz /c/\n",
  },
  {
    name: "add of an archive with an owner",
    dockerfile: "FROM BASE\nADD --chown=app:staff packed.tar.gz /opt/app/\nADD a.txt src /plain/\n",
  },
  {
    name: "add of a URL",
    dockerfile: "FROM scratch\nADD URL/file.bin /u/\nADD --chmod=755 --chown=5:6 URL/file.bin /v/tool\n",
  },
  { name: "add of a URL with its checksum", dockerfile: "FROM scratch\nADD --checksum=SUM URL/file.bin /u/file\n" },
  {
    name: "add of a URL with a wrong checksum",
    dockerfile: `FROM scratch\nADD --checksum=sha256:${"0".repeat(64)} URL/file.bin /u/file\n`,
    fails: true,
  },
  { name: "add of a URL that is unpacked", dockerfile: "FROM scratch\nADD --unpack=true URL/packed.tar.gz /u/\n" },
  {
    name: "an ignore file",
    dockerfile: "FROM scratch\nCOPY . /c/\n",
    files: { ".dockerignore": "# no\n*.txt\n!b.txt\n**/deep\nlinks/\n/modes/x*\n*.tar*\n" },
  },
  {
    name: "an ignore file with exceptions below",
    dockerfile: "FROM scratch\nCOPY . /c/\n",
    files: { ".dockerignore": "*\n!src/deep/m.c\n!a.txt\n" },
  },
  {
    name: "the Dockerfile's own ignore file",
    dockerfile: "FROM scratch\nCOPY . /c/\n",
    files: { ".dockerignore": "src\n", "Dockerfile.dockerignore": "links\n*.tar*\n" },
  },
  {
    name: "an ignored file is missing",
    dockerfile: "FROM scratch\nCOPY a.txt /c/\n",
    files: { ".dockerignore": "a.txt\n" },
    fails: true,
  },
  { name: "an empty directory", dockerfile: "FROM scratch\nCOPY empty /e/\nCOPY src/deep/.. /p/\n" },
  { name: "a destination with a dot", dockerfile: "FROM BASE\nCOPY a.txt /opt/app/.\nCOPY src /opt/new/.\n" },
  {
    name: "escape and continuation",
    dockerfile: "# escape=`\nFROM scratch\nCOPY `\n  # why\n  a.txt `\n\n  b.txt /c/\nENV X=`$A\n",
  },
  {
    name: "a later stage",
    dockerfile: "FROM scratch AS first\nCOPY --from=later /a /\nFROM scratch AS later\nCOPY a.txt /a\n",
    target: "first",
    fails: true,
  },
];
