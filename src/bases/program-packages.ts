/** Debian's packages of programs that are called otherwise than their package, by the program's name. */
const OTHERWISE_NAMED: Record<string, string> = {
  sh: "dash",
  python: "python3",
  perl: "perl-base",
  tclsh: "tcl",
  convert: "imagemagick",
  identify: "imagemagick",
  mogrify: "imagemagick",
  magick: "imagemagick",
  composite: "imagemagick",
  gm: "graphicsmagick",
  gs: "ghostscript",
  ffprobe: "ffmpeg",
  pdftotext: "poppler-utils",
  pdftoppm: "poppler-utils",
  pdftocairo: "poppler-utils",
  pdfinfo: "poppler-utils",
  pdfimages: "poppler-utils",
  exiftool: "libimage-exiftool-perl",
  tesseract: "tesseract-ocr",
  dot: "graphviz",
  soffice: "libreoffice-nogui",
  libreoffice: "libreoffice-nogui",
  "chromium-browser": "chromium",
  "google-chrome": "chromium",
  java: "default-jre-headless",
  ssh: "openssh-client",
  scp: "openssh-client",
  sftp: "openssh-client",
  "ssh-keygen": "openssh-client",
  psql: "postgresql-client",
  pg_dump: "postgresql-client",
  pg_restore: "postgresql-client",
  mysql: "default-mysql-client",
  mysqldump: "default-mysql-client",
  "redis-cli": "redis-tools",
  ps: "procps",
  pgrep: "procps",
  pkill: "procps",
  top: "procps",
  free: "procps",
  uptime: "procps",
  ping: "iputils-ping",
  dig: "bind9-dnsutils",
  nslookup: "bind9-dnsutils",
  host: "bind9-host",
  ip: "iproute2",
  ss: "iproute2",
  ifconfig: "net-tools",
  netstat: "net-tools",
  nc: "netcat-openbsd",
  awk: "mawk",
  find: "findutils",
  xargs: "findutils",
  diff: "diffutils",
  which: "debianutils",
  docker: "docker-cli",
  hg: "mercurial",
  svn: "subversion",
  crontab: "cron",
  "7z": "7zip",
  "7za": "7zip",
};

const COREUTILS = new Set(
  "cat chgrp chmod chown cp cut date dd df dirname du head hostid id install ln ls md5sum mkdir mkfifo mktemp mv nohup nproc od paste readlink realpath rm rmdir seq sha1sum sha256sum shred shuf sleep sort split stat stty sync tac tail tee timeout touch tr truncate tty uname uniq wc who whoami yes env nice basename base64".split(
    " ",
  ),
);
/** In packages of their own name. */
const SAME_NAME = new Set(
  "aria2 bash bzip2 chromium cron curl dash espeak-ng ffmpeg file flac gawk gcc gifsicle git grep gzip hostname inkscape jpegoptim jq lame lsof make mawk mediainfo nano nmap openssl optipng pandoc patch perl pngquant python3 qpdf rsync ruby sed socat sox sqlite3 strace tar tcpdump traceroute tree unzip vim wget whois xvfb yt-dlp zip".split(
    " ",
  ),
);

/** The package that brings a program; undefined where Debian has none, or none that is known here. */
export function packageOfProgram(program: string): string | undefined {
  const name = program.slice(program.lastIndexOf("/") + 1);
  // `python3.13`, `ruby3.3`: packages of the version's own name are not in every release.
  const plain = name.replace(/(?<=^(?:python|ruby|perl|tclsh))[\d.]+$/, "");
  return (
    OTHERWISE_NAMED[plain] ??
    (COREUTILS.has(name) ? "coreutils" : undefined) ??
    (SAME_NAME.has(plain) ? plain : undefined)
  );
}
