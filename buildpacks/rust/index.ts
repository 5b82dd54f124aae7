/** Rust with Cargo. Known, and built by a Dockerfile. */
import { cargoProgram, type Detection, defineBuildpack, type Source, toolVersion } from "../../src/sdk.ts";

export default defineBuildpack({
  id: "rust",
  summary: "Rust with Cargo.",
  what: "a Rust program",
  detect,
});

function detect(source: Source): Detection | null {
  const manifest = source.read("Cargo.toml");
  if (manifest === undefined) return null;
  const program = cargoProgram(source);
  const framework = program?.framework ?? null;
  const path = program === undefined || program.directory === "." ? "Cargo.toml" : `${program.directory}/Cargo.toml`;
  return {
    score: program ? (framework ? 88 : 72) : 45,
    evidence: [
      "Cargo.toml",
      ...(framework ? [`${path}: ${framework}`] : []),
      ...(program ? [`${path}: program ${program.bin}`] : []),
    ],
    language: "rust",
    runtimeVersion:
      /channel\s*=\s*"([^"]+)"/.exec(source.read("rust-toolchain.toml") ?? "")?.[1] ??
      /^[\w.-]+$/m.exec(source.read("rust-toolchain") ?? "")?.[0] ??
      toolVersion(source, "rust") ??
      /^rust-version\s*=\s*"([^"]+)"/m.exec(`${program?.manifest ?? ""}\n${manifest}`)?.[1] ??
      null,
    packageManager: "cargo",
    framework,
    entrypoint: program?.bin ?? null,
  };
}
