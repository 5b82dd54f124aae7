/** C and C++ with CMake. Known, and built by a Dockerfile. */
import { type Detection, defineBuildpack, type Source } from "../../src/sdk.ts";

export default defineBuildpack({
  id: "c",
  summary: "C and C++ with CMake.",
  detect,
});

function detect(source: Source): Detection | null {
  const cmake = source.read("CMakeLists.txt");
  if (cmake === undefined) return null;
  const target = /add_executable\s*\(\s*([^\s)]+)/i.exec(cmake)?.[1] ?? null;
  return {
    score: target ? 62 : 42,
    evidence: ["CMakeLists.txt", ...(target ? [`CMakeLists.txt: add_executable(${target})`] : [])],
    language: "c",
    runtimeVersion: null,
    packageManager: "cmake",
    framework: null,
    entrypoint: target?.includes("$") ? (/project\s*\(\s*(\w+)/i.exec(cmake)?.[1] ?? null) : target,
  };
}
