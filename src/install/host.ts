/** The machine that knbuild runs on, as far as installing for the target goes. */

export function isTargetHost(): boolean {
  return process.platform === "linux" && process.arch === "x64";
}

export function hostMajor(): number {
  return Number(process.versions.node.split(".")[0]);
}
