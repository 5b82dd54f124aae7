/**
 * The clauses of the contract, in one place. S: Google's two pages for Knative serving ("develop your service", "container
 * runtime contract"). U: upstream (knative/specs runtime-contract, knative/serving conformance tests).
 */

export type ClauseLevel = "must" | "should" | "information";

export interface Clause {
  /** `S1` … `S34`, `U1` … `U10`. */
  id: string;
  level: ClauseLevel;
  /** What the platform asks for. */
  text: string;
  /** What breaks it, as seen in a Dockerfile, in the source, in an image; absent: nothing useful to check there. */
  dockerfile?: string;
  source?: string;
  image?: string;
  /** The experiment on the running container, and what passes. */
  experiment?: string;
  /** What local emulation does. */
  emulation?: string;
}

export const CLAUSES: readonly Clause[] = [
  {
    id: "S1",
    level: "must",
    text: "read PORT, listen on it",
    dockerfile: "literal port flags in CMD",
    source: "literal port in listen()",
    image: "Env PORT (is overridden)",
    experiment: "start with PORT=8080, then with a random 20000–30000: both listen",
    emulation: "inject PORT",
  },
  {
    id: "S2",
    level: "must",
    text: "stateless",
    dockerfile: "VOLUME",
    source: "files as state",
    image: "database files, Volumes",
    experiment: "request, kill, fresh instance, replay: equal statuses; list what was written to the upper layer",
    emulation: "discard the upper layer",
  },
  {
    id: "S3",
    level: "must",
    text: "no work outside requests",
    dockerfile: "cron, supervisord",
    source: "timers, schedulers",
    image: "cron binaries",
    experiment: "idle 5 s, then <1% CPU over 10 s; outbound packets warn",
    emulation: "CPU counters",
  },
  {
    id: "S4",
    level: "information",
    text: "any language or library may be used",
    dockerfile: "parses; end-of-life base (the seed's own golang:1.11)",
    source: "no listener found",
    image: "valid OCI",
  },
  {
    id: "S5",
    level: "information",
    text: "the container is a web server",
    dockerfile: "parses; end-of-life base (the seed's own golang:1.11)",
    source: "no listener found",
    image: "valid OCI",
  },
  {
    id: "S6",
    level: "information",
    text: "it is packaged as a container image",
    dockerfile: "parses; end-of-life base (the seed's own golang:1.11)",
    source: "no listener found",
    image: "valid OCI",
  },
  {
    id: "S7",
    level: "information",
    text: "a Dockerfile begins with FROM",
    dockerfile: "parses; end-of-life base (the seed's own golang:1.11)",
    source: "no listener found",
    image: "valid OCI",
  },
  {
    id: "S8",
    level: "must",
    text: "the executables are built for 64-bit Linux",
    dockerfile: "--platform=linux/arm64, GOARCH",
    image:
      "config os/arch; entrypoint, its shebang chain, every ELF, .so and .node: 64-bit, little-endian, e_machine 62, PT_INTERP and DT_NEEDED resolvable in the image (glibc/musl mix-ups); no Mach-O or PE as entry",
    experiment: "process starts",
    emulation: "refuse other architectures, no silent emulation",
  },
  {
    id: "S10",
    level: "must",
    text: "the executables are ELF files for Linux x86_64",
    dockerfile: "--platform=linux/arm64, GOARCH",
    image:
      "config os/arch; entrypoint, its shebang chain, every ELF, .so and .node: 64-bit, little-endian, e_machine 62, PT_INTERP and DT_NEEDED resolvable in the image (glibc/musl mix-ups); no Mach-O or PE as entry",
    experiment: "process starts",
    emulation: "refuse other architectures, no silent emulation",
  },
  {
    id: "S11",
    level: "must",
    text: "listen on 0.0.0.0:PORT, default 8080",
    dockerfile: "--host 127.0.0.1",
    source: "bind to localhost",
    experiment:
      "/proc/PID/net/tcp{,6} of the container's own processes: LISTEN on 0.0.0.0 or dual-stack :: (traffic cannot show this: the queue proxy itself dials 127.0.0.1)",
    emulation: "own network namespace where possible",
  },
  {
    id: "S12",
    level: "must",
    text: "PORT equals the target port",
    dockerfile: "ENV PORT / EXPOSE mismatch warns",
    source: "PORT reassigned",
    image: "same",
    experiment: "PORT in the process equals the dialled port",
    emulation: "one source of truth",
  },
  {
    id: "S13",
    level: "must",
    text: "no TLS in the container; HTTP and gRPC arrive in clear",
    dockerfile: "keys or certs copied, 443",
    source: "TLS server code",
    image: "private keys, nginx conf",
    experiment: "a ClientHello to every listener: any TLS answer fails; plain HTTP must answer",
    emulation: "TLS in front, X-Forwarded-Proto: https",
  },
  {
    id: "S14",
    level: "must",
    text: "answer within the request timeout, start-up included; else 504",
    dockerfile: "gunicorn --timeout mismatch",
    source: "server timeouts",
    experiment: "cold request < timeout; self-test: a sleeping app gets 504",
    emulation: "clock starts when the request arrives",
  },
  {
    id: "S15",
    level: "must",
    text: "PORT, K_SERVICE, K_REVISION, K_CONFIGURATION are set",
    dockerfile: "ENV of these",
    source: "assigned",
    image: "same",
    experiment: "/proc/1/environ",
    emulation: "inject; revision `NAME-00001`",
  },
  {
    id: "S16",
    level: "must",
    text: "writable in-memory filesystem; writes use memory",
    source: "unbounded writes",
    image: "large writable dirs",
    experiment: "slope of writes over 1,000 requests; out-of-memory at the limit",
    emulation: "overlay with a tmpfs upper, charged to the memory limit",
  },
  {
    id: "S17",
    level: "must",
    text: "writes are lost at stop",
    source: "as S2",
    experiment: "as S2",
    emulation: "fresh upper",
  },
  {
    id: "S18",
    level: "should",
    text: "scaled out to N instances",
    source: "sessions in memory",
    experiment: "two instances round-robin; a cookie flow equals the single-instance one",
    emulation: "balancer",
  },
  {
    id: "S19",
    level: "information",
    text: "scale to min, 0 by default",
    experiment: "idle, reap, request: 200",
    emulation: "reaper and activator buffer",
  },
  {
    id: "S20",
    level: "must",
    text: "listening within 4 minutes; CPU during start",
    dockerfile: "migrations in CMD",
    image: "size",
    experiment: "accepts < 240 s; warn > 10 s",
    emulation: "no throttle until ready",
  },
  {
    id: "S21",
    level: "must",
    text: "computing only within requests",
    dockerfile: "as S3",
    source: "timers",
    experiment: "freeze 60 s, thaw with a request: 200",
    emulation: "freezer or quota at zero in flight",
  },
  {
    id: "S22",
    level: "must",
    text: "may be stopped at any time",
    source: "as S2",
    experiment: "SIGKILL while idle; next start healthy",
    emulation: "chaos option",
  },
  {
    id: "S23",
    level: "must",
    text: "on stop: new requests elsewhere, in-flight ones finish, SIGTERM, 10 s, SIGKILL; uncaught = stops at once",
    dockerfile: "shell form, npm start, STOPSIGNAL ≠ SIGTERM",
    source: "no handler",
    image: "Entrypoint, StopSignal",
    experiment:
      "exits ≤ 10 s. Report handled / killed by default (143) / ignored, 137 = FAIL (PID 1 ignores an unhandled SIGTERM!); a 3 s in-flight request completes",
    emulation: "the image's process is PID 1, no init in front",
  },
  {
    id: "S24",
    level: "information",
    text: "idle at most 15 min unless min instances",
    experiment: "reaped ≤ 900 s (fake clock)",
    emulation: "timer",
  },
  {
    id: "S25",
    level: "information",
    text: "resource requests are not limits",
    emulation: "limits only when asked",
  },
  {
    id: "S26",
    level: "information",
    text: "queue proxy 25m CPU; vCPU unlimited; several cores at once",
    emulation: "quota option",
  },
  {
    id: "S27",
    level: "should",
    text: "memory holds code, files, processes, caches, per-request use",
    experiment: "peak RSS + tmpfs under load < stated limit",
    emulation: "memory limit, out-of-memory reported",
  },
  {
    id: "S28",
    level: "should",
    text: "concurrent requests by default",
    dockerfile: "sync gunicorn with one worker",
    source: "blocking handler",
    experiment: "10 parallel requests ≤ 2× the time of one",
    emulation: "concurrency breaker",
  },
  {
    id: "S29",
    level: "information",
    text: "no sandbox",
    emulation: "plain kernel",
  },
  {
    id: "S30",
    level: "should",
    text: "http://metadata.google.internal/ with Metadata-Flavor: Google",
    source: "header missing",
    experiment: "the app's logged calls: none 403 or 404",
    emulation: "metadata server",
  },
  {
    id: "S31",
    level: "should",
    text: "the metadata server tells the project id",
    source: "hard-coded project",
    image: "service-account key JSON in layers",
    experiment: "values match the configuration",
    emulation: "metadata server",
  },
  {
    id: "S32",
    level: "should",
    text: "the metadata server tells the region",
    source: "hard-coded project",
    image: "service-account key JSON in layers",
    experiment: "values match the configuration",
    emulation: "metadata server",
  },
  {
    id: "S33",
    level: "should",
    text: "the metadata server tells the instance id",
    source: "hard-coded project",
    image: "service-account key JSON in layers",
    experiment: "values match the configuration",
    emulation: "metadata server",
  },
  {
    id: "S34",
    level: "should",
    text: "the metadata server gives the service account's token",
    source: "hard-coded project",
    image: "service-account key JSON in layers",
    experiment: "values match the configuration",
    emulation: "metadata server",
  },
  {
    id: "U1",
    level: "must",
    text: "HTTP/1.1; h2c only where the port is so named",
    source: "gRPC server without h2c",
    experiment: "a 1.1 GET parses; h2c preface if named",
    emulation: "both protocols",
  },
  {
    id: "U2",
    level: "must",
    text: "one port; names '' / http1 / h2c; reserved 8008 8012 8013 8022 9090 9091 (8112 too in practice)",
    dockerfile: "EXPOSE of a reserved port",
    image: "ExposedPorts",
    emulation: "reject alike",
  },
  {
    id: "U3",
    level: "must",
    text: "Host, Forwarded; should X-Forwarded-For/-Proto, trace headers",
    source: "trust-proxy unset",
    experiment: "echo app",
    emulation: "add them",
  },
  {
    id: "U4",
    level: "should",
    text: "stdin is at EOF, no TTY",
    source: "stdin loops",
    experiment: "an early exit fails",
    emulation: "stdin = /dev/null",
  },
  {
    id: "U5",
    level: "should",
    text: "readiness is probed; not ready = not deployed",
    dockerfile: "HEALTHCHECK (ignored)",
    image: "Healthcheck",
    experiment: "probe as below",
    emulation: "probe",
  },
  {
    id: "U6",
    level: "must",
    text: "/tmp rwx for all; standard /dev; resolv.conf; no /dev/console",
    image: "/tmp mode",
    emulation: "mounts",
  },
  {
    id: "U7",
    level: "must",
    text: "cgroup limits visible and read-only; /proc/sys read-only",
    dockerfile: "sysctl writes",
    emulation: "read-only mounts",
  },
  {
    id: "U8",
    level: "must",
    text: "runAsUser; the image's USER respected",
    dockerfile: "missing or non-numeric USER",
    image: "config.User",
    experiment: "run as a random uid",
    emulation: "setuid/gid",
  },
  {
    id: "U9",
    level: "should",
    text: "the root filesystem may be read-only",
    source: "writes outside /tmp",
    experiment: "rerun read-only: 200",
    emulation: "option",
  },
  {
    id: "U10",
    level: "should",
    text: "keep-alive outlives the proxy's pool",
    source: "Node keepAliveTimeout 5 s",
    experiment: "POST, idle 6 s, POST on the same socket: no reset",
    emulation: "90 s pool",
  },
];

const BY_ID = new Map(CLAUSES.map((clause) => [clause.id, clause]));

/** The clause of an id in any casing (`s11`), or undefined. */
export function findClause(id: string): Clause | undefined {
  return BY_ID.get(id.toUpperCase());
}
