/** C and C++ with CMake or make. Known, and built by a Dockerfile. */
import { cSources, type Detection, defineBuildpack, makefileProgram, type Source } from "../../src/sdk.ts";

export default defineBuildpack({
  id: "c",
  summary: "C and C++ with CMake or make.",
  what: "a C or C++ program",
  detect,
});

function detect(source: Source): Detection | null {
  if (!source.isFile("CMakeLists.txt")) return detectMake(source);
  const target = programOf(cmakeText(source).replace(/#.*$/gm, ""));
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

/** A Makefile alone says nothing: half of all projects have one. */
function detectMake(source: Source): Detection | null {
  const made = makefileProgram(source);
  if (!made) return null;
  const texts = cSources(source).map((file) => ({ file, text: source.read(file) ?? "" }));
  const main = texts.find(({ text }) => /\bmain\s*\(/.test(text));
  if (!main) return null;
  const serves = texts.some(({ text }) => SERVES.test(text));
  return {
    score: serves ? 58 : 36,
    evidence: [made.program === undefined ? made.file : `${made.file}: makes ${made.program}`, `${main.file}: main`],
    language: "c",
    runtimeVersion: null,
    packageManager: "make",
    framework: null,
    entrypoint: made.program ?? null,
  };
}

/** A socket that listens, or a library that has one. */
const SERVES =
  /\blisten\s*\(|\bMHD_start_daemon\b|\bmg_http_listen\b|\bevhttp_new\b|\bmg_start\b|crow::|httplib::Server|drogon::|Pistache::|\bh2o_\w+\(|ulfius_\w+\(|\buv_listen\b|boost::(?:asio|beast)|\bkore_\w+\(/;

const MAX_DEPTH = 4;

/** What a directory's list says, and those of the directories that it adds: the program may well be made in `src`. */
function cmakeText(source: Source, directory = "", depth = 0): string {
  const text = source.read(`${directory}CMakeLists.txt`);
  if (text === undefined || depth === MAX_DEPTH) return "";
  const added = [...text.matchAll(/^\s*add_subdirectory\s*\(\s*"?([\w./-]+)/gim)].map(([, name]) => name as string);
  const own = added.filter((name) => !/\.\.|test|bench|example|extern|third.?party|vendor|deps/i.test(name));
  return [text, ...own.map((name) => cmakeText(source, `${directory}${name.replace(/\/$/, "")}/`, depth + 1))].join(
    "\n",
  );
}

/** The first program that is no test's, its variables filled in. */
function programOf(text: string): string | null {
  const names = [...text.matchAll(/add_executable\s*\(\s*"?([^\s")]+)/gi)].map(([, name]) => name as string);
  const values = new Map([...text.matchAll(/\bset\s*\(\s*(\w+)\s+"?([^\s")]+)/gi)].map(([, k, v]) => [k, v] as const));
  const project = /\bproject\s*\(\s*"?([^\s")]+)/i.exec(text)?.[1];
  for (const name of ["PROJECT_NAME", "CMAKE_PROJECT_NAME"]) values.set(name, project);
  const filled = names.map((name) => name.replace(/\$\{(\w+)\}/g, (all, variable) => values.get(variable) ?? all));
  return filled.find((name) => !/test|bench|example/i.test(name)) ?? filled[0] ?? null;
}
