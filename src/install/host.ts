/** The machine that knbuild runs on, as far as installing for the target goes. */
import { existsSync } from "node:fs";

export function isTargetHost(): boolean {
  return process.platform === "linux" && process.arch === "x64";
}

export function hostMajor(): number {
  return Number(process.versions.node.split(".")[0]);
}

/** Of another C library than the images: Alpine. */
export function isMuslHost(): boolean {
  return existsSync("/etc/alpine-release");
}
