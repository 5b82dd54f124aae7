/** The machine that knbuild runs on, as far as installing for the target goes. */
import { existsSync } from "node:fs";

export function isTargetHost(): boolean {
  return process.platform === "linux" && process.arch === "x64";
}

export function hostMajor(): number {
  return Number(process.versions.node.split(".")[0]);
}

/** Do addons of this machine run in the images? Not those of Alpine, which has another C library. */
export function sharesTarget(): boolean {
  return isTargetHost() && !existsSync("/etc/alpine-release");
}
