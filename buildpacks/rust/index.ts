/** Rust with Cargo. Known, and built by a Dockerfile. */
import { type Detection, defineBuildpack, type Source } from "../../src/sdk.ts";

export default defineBuildpack({
  id: "rust",
  summary: "Rust with Cargo.",
  detect,
});

function detect(source: Source): Detection | null {
  const manifest = source.read("Cargo.toml");
  if (manifest === undefined) return null;
  const framework =
    ["axum", "actix-web", "rocket", "warp", "poem", "hyper"].find((name) =>
      new RegExp(`^${name}\\s*=`, "m").test(manifest),
    ) ?? null;
  const program = source.isFile("src/main.rs") || /^\[\[bin\]\]/m.test(manifest);
  return {
    score: program ? (framework ? 88 : 72) : 45,
    evidence: [
      "Cargo.toml",
      ...(framework ? [`Cargo.toml: ${framework}`] : []),
      ...(program ? ["src/main.rs is there"] : []),
    ],
    language: "rust",
    runtimeVersion:
      /^rust-version\s*=\s*"([^"]+)"/m.exec(manifest)?.[1] ??
      /channel\s*=\s*"([\d.]+)"/.exec(source.read("rust-toolchain.toml") ?? "")?.[1] ??
      null,
    packageManager: "cargo",
    framework,
    entrypoint: /^name\s*=\s*"([^"]+)"/m.exec(manifest)?.[1] ?? null,
  };
}
