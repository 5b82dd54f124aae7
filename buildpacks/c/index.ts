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
  const target = programOf(cmake);
  return {
    score: target ? 62 : 42,
    evidence: ["CMakeLists.txt", ...(target ? [`CMakeLists.txt: add_executable(${target})`] : [])],
    language: "c",
    runtimeVersion: null,
    packageManager: "cmake",
    framework: null,
    entrypoint: target,
  };
}

/** The first program that is no test's, its variables filled in. */
function programOf(cmake: string): string | null {
  const text = cmake.replace(/#.*$/gm, "");
  const names = [...text.matchAll(/add_executable\s*\(\s*"?([^\s")]+)/gi)].map(([, name]) => name as string);
  const values = new Map([...text.matchAll(/\bset\s*\(\s*(\w+)\s+"?([^\s")]+)/gi)].map(([, k, v]) => [k, v] as const));
  const project = /\bproject\s*\(\s*"?([^\s")]+)/i.exec(text)?.[1];
  for (const name of ["PROJECT_NAME", "CMAKE_PROJECT_NAME"]) values.set(name, project);
  const filled = names.map((name) => name.replace(/\$\{(\w+)\}/g, (all, variable) => values.get(variable) ?? all));
  return filled.find((name) => !/test|bench|example/i.test(name)) ?? filled[0] ?? null;
}
