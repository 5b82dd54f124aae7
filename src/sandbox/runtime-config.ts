/**
 * The `config.json` of an OCI bundle (runtime-spec 1.0, config.md and config-linux.md): as container engines set it, with
 * the host's network, because nothing here can route into a namespace of its own.
 */
import type { ImageProcess } from "./image-process.ts";

export interface RuntimeConfigOptions {
  process: ImageProcess;
  /** Absolute path of the root directory. */
  rootPath: string;
  readOnlyRoot: boolean;
  hostname: string;
  memoryBytes?: number | undefined;
  /** Absolute path of a resolv.conf, where the machine has one. */
  resolvConf?: string | undefined;
  /** Absolute path of a hosts file. */
  hosts?: string | undefined;
  /** cgroup of the container, relative to the hierarchy's root; only root can have one. */
  cgroupsPath?: string | undefined;
  /** Set when an ordinary user runs this: ids of the container and the host's ids behind them. */
  idMappings?: { uid: IdMapping[]; gid: IdMapping[] } | undefined;
  /** The image has a /tmp that everybody can write to. */
  hasTmp: boolean;
}

export interface IdMapping {
  containerID: number;
  hostID: number;
  size: number;
}

/** What container engines leave to root in a container; another user has none (and can get none: no_new_privs). */
const ROOT_CAPABILITIES = [
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_FOWNER",
  "CAP_FSETID",
  "CAP_KILL",
  "CAP_NET_BIND_SERVICE",
  "CAP_SETFCAP",
  "CAP_SETGID",
  "CAP_SETPCAP",
  "CAP_SETUID",
  "CAP_SYS_CHROOT",
];

/** U7 and what engines hide besides. */
const READ_ONLY_PATHS = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];
const MASKED_PATHS = [
  "/proc/acpi",
  "/proc/asound",
  "/proc/kcore",
  "/proc/keys",
  "/proc/latency_stats",
  "/proc/sched_debug",
  "/proc/scsi",
  "/proc/timer_list",
  "/proc/timer_stats",
  "/sys/firmware",
];

interface Mount {
  destination: string;
  type: string;
  source: string;
  options: string[];
}

export function runtimeConfig(options: RuntimeConfigOptions): Record<string, unknown> {
  const { process, idMappings } = options;
  const capabilities = process.user.uid === 0 ? ROOT_CAPABILITIES : [];
  const namespaces = ["pid", "mount", "ipc", "uts", ...(idMappings ? ["user"] : [])];
  return {
    ociVersion: "1.0.2",
    process: {
      terminal: false,
      user: {
        uid: process.user.uid,
        gid: process.user.gid,
        additionalGids: idMappings ? [] : process.user.additionalGids,
      },
      args: process.argv,
      env: Object.entries(process.env).map(([name, value]) => `${name}=${value}`),
      cwd: process.cwd,
      capabilities: {
        bounding: capabilities,
        effective: capabilities,
        permitted: capabilities,
        inheritable: [],
        ambient: [],
      },
      noNewPrivileges: true,
    },
    root: { path: options.rootPath, readonly: options.readOnlyRoot },
    hostname: options.hostname,
    mounts: mounts(options),
    linux: {
      namespaces: namespaces.map((type) => ({ type })),
      ...(idMappings && { uidMappings: idMappings.uid, gidMappings: idMappings.gid }),
      ...(options.cgroupsPath !== undefined && { cgroupsPath: options.cgroupsPath }),
      ...(options.memoryBytes !== undefined &&
        !idMappings && { resources: { memory: { limit: options.memoryBytes } } }),
      readonlyPaths: READ_ONLY_PATHS,
      maskedPaths: MASKED_PATHS,
    },
  };
}

function mounts(options: RuntimeConfigOptions): Mount[] {
  const rootless = options.idMappings !== undefined;
  const list: Mount[] = [
    { destination: "/proc", type: "proc", source: "proc", options: ["nosuid", "noexec", "nodev"] },
    {
      destination: "/dev",
      type: "tmpfs",
      source: "tmpfs",
      options: ["nosuid", "strictatime", "mode=755", "size=65536k"],
    },
    {
      destination: "/dev/pts",
      type: "devpts",
      source: "devpts",
      options: ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", ...(rootless ? [] : ["gid=5"])],
    },
    {
      destination: "/dev/shm",
      type: "tmpfs",
      source: "shm",
      options: ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"],
    },
    { destination: "/dev/mqueue", type: "mqueue", source: "mqueue", options: ["nosuid", "noexec", "nodev"] },
    rootless
      ? { destination: "/sys", type: "none", source: "/sys", options: ["rbind", "nosuid", "noexec", "nodev", "ro"] }
      : { destination: "/sys", type: "sysfs", source: "sysfs", options: ["nosuid", "noexec", "nodev", "ro"] },
  ];
  if (options.readOnlyRoot || !options.hasTmp) {
    list.push({ destination: "/tmp", type: "tmpfs", source: "tmpfs", options: ["nosuid", "nodev", "mode=1777"] });
  }
  const files = { "/etc/hosts": options.hosts, "/etc/resolv.conf": options.resolvConf };
  for (const [destination, source] of Object.entries(files)) {
    if (source !== undefined)
      list.push({ destination, type: "bind", source, options: ["bind", "ro", "nosuid", "nodev", "noexec"] });
  }
  return list;
}
