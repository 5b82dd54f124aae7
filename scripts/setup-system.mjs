// Installs the system components that the tests use, where they are missing and this is root on Debian or a relative of it;
// elsewhere only says what is missing. Exported for scripts/test.mjs.
import { spawnSync } from "node:child_process";
import { accessSync, chmodSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";

/** What tests need → the programs that show it is there, and Debian's packages for it. */
export const COMPONENTS = [
  { name: "docker-registry", programs: ["docker-registry"], packages: ["docker-registry"] },
  { name: "docker", programs: ["dockerd", "docker"], packages: ["docker.io"] },
  { name: "containerd", programs: ["containerd", "ctr"], packages: ["containerd"] },
  { name: "podman", programs: ["podman"], packages: ["podman"] },
  { name: "buildah", programs: ["buildah"], packages: ["buildah"] },
  { name: "runc", programs: ["runc"], packages: ["runc"] },
  { name: "crun", programs: ["crun"], packages: ["crun"] },
  { name: "bubblewrap", programs: ["bwrap"], packages: ["bubblewrap"] },
  { name: "skopeo", programs: ["skopeo"], packages: ["skopeo"] },
  { name: "umoci", programs: ["umoci"], packages: ["umoci"] },
  { name: "zstd", programs: ["zstd"], packages: ["zstd"] },
  { name: "dpkg", programs: ["dpkg", "dpkg-deb", "dpkg-query"], packages: ["dpkg"] },
  { name: "mmdebstrap", programs: ["mmdebstrap"], packages: ["mmdebstrap"] },
  { name: "git", programs: ["git"], packages: ["git"] },
  { name: "openssl", programs: ["openssl"], packages: ["openssl"] },
  { name: "gcc", programs: ["gcc", "readelf"], packages: ["gcc", "libc6-dev", "binutils"] },
  { name: "zsh", programs: ["zsh"], packages: ["zsh"] },
  { name: "fish", programs: ["fish"], packages: ["fish"] },
  { name: "xz", programs: ["xz"], packages: ["xz-utils"] },
  { name: "gpgv", programs: ["gpgv"], packages: ["gpgv"] },
  { name: "certificates", programs: ["update-ca-certificates"], packages: ["ca-certificates"] },
];

const POLICY = "/usr/sbin/policy-rc.d";

function hasProgram(name) {
  return [...(process.env.PATH ?? "").split(delimiter), "/usr/local/sbin", "/usr/sbin", "/sbin"].some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export function missingComponents() {
  return COMPONENTS.filter(({ programs }) => !programs.every(hasProgram));
}

function isDebian() {
  const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release) && hasProgram("apt-get");
}

/** Installs what is missing where it may. @returns components that are still missing */
export function setUpSystem() {
  const missing = missingComponents();
  if (missing.length === 0) return [];
  if (process.getuid?.() !== 0 || !isDebian()) return missing;
  const packages = missing.flatMap((component) => component.packages);
  console.log(`Installing ${packages.join(", ")} …`);
  // Debian's packages start their daemons: 101 says that this machine does not want that (invoke-rc.d, policy-rc.d).
  const ownPolicy = !existsSync(POLICY);
  if (ownPolicy) {
    writeFileSync(POLICY, "#!/bin/sh\nexit 101\n");
    chmodSync(POLICY, 0o755);
  }
  try {
    const apt = (...args) =>
      spawnSync("apt-get", ["-qq", "-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=300", ...args], {
        encoding: "utf8",
        env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
        maxBuffer: 64 * 1024 * 1024,
      });
    const install = () => apt("install", "--yes", "--no-install-recommends", ...packages);
    // An index that is there already may do; if not, it is old.
    let result = install();
    if (result.status !== 0) {
      apt("update");
      result = install();
    }
    if (result.status !== 0)
      console.error(`${result.stdout}\n${result.stderr}`.trim().split("\n").slice(-15).join("\n"));
  } finally {
    if (ownPolicy) rmSync(POLICY, { force: true });
  }
  return missingComponents();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const missing = setUpSystem();
  if (missing.length > 0) {
    console.error(
      `Missing: ${missing.map(({ name }) => name).join(", ")}. Debian, Ubuntu, as root: apt install ${missing.flatMap(({ packages }) => packages).join(" ")}`,
    );
    process.exitCode = 1;
  }
}
