/** The hash that packageManager names, as corepack computes it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { installDependencies } from "../../src/install/index.ts";
import type { InstallStep } from "../../src/plan/types.ts";
import { contextFor, npmStep, removeTemporary, temporary } from "./context.ts";

afterAll(removeTemporary);
const cacheDir = temporary();

function install(more: Partial<InstallStep>) {
  const dir = temporary();
  writeFileSync(join(dir, "package.json"), JSON.stringify({ name: "a", dependencies: { "left-pad": "1.3.0" } }));
  const { lockFile: _none, ...step } = npmStep(more);
  return installDependencies(step, contextFor(dir, cacheDir));
}

const yarn1 = { packageManager: "yarn", version: "1.22.22" } as const;
const berry = { packageManager: "yarn-berry", version: "4.9.2" } as const;
const TARBALL =
  "sha512.a6b2f7906b721bba3d67d4aff083df04dad64c399707841b7acf00f6b133b7ac24255f2652fa22ae3534329dc6180534e98d17432037ff6fd140556e2bb3137e";

it.each<[string, Partial<InstallStep>]>([
  ["a tarball's sha512", { ...yarn1, versionHash: TARBALL }],
  ["a tarball's sha1", { ...yarn1, versionHash: "sha1.ac34549e6aa8e7ead463a7407e1c7390f61a6610" }],
  [
    "the script's of a newer yarn",
    {
      ...berry,
      versionHash:
        "sha512.1fc009bc09d13cfd0e19efa44cbfc2b9cf6ca61482725eb35bbc5e257e093ebf4130db6dfe15d604ff4b79efd8e1e8e99b25fa7d0a6197c9f9826358d4d65c3c",
    },
  ],
])("%s that is right", async (_name, step) => {
  expect((await install(step)).origin).toBe("installed");
});

it.each<[string, Partial<InstallStep>]>([
  ["a tarball's sha512", { ...yarn1, versionHash: TARBALL.replace("a6", "b6") }],
  ["a tarball's sha224", { ...yarn1, versionHash: `sha224.${"0".repeat(56)}` }],
  ["the script's of a newer yarn", { ...berry, versionHash: `sha1.${"0".repeat(40)}` }],
])("%s that is wrong", async (_name, step) => {
  await expect(install(step)).rejects.toMatchObject({ code: "MANAGER_HASH_MISMATCH", where: "package.json" });
});
