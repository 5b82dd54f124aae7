/**
 * Which problems of addons and programs are worth telling. A package may bring one file for each platform, C library or OpenSSL
 * and choose at run time: of such, those that do not fit are no problem where one does. A file that is meant for the image's
 * own platform and lacks a library is one, however many others of the package load.
 */
import type { ElfProblem } from "../elf/check-closure.ts";

/** The file is meant for another machine, system or C library. */
const FOREIGN = new Set<ElfProblem["code"]>([
  "PROGRAM_FOREIGN_FORMAT",
  "ELF_FOREIGN_MACHINE",
  "ELF_INTERPRETER_MISSING",
  "ELF_LIBC_MIX",
]);
/** The C libraries of Android, BSD and musl, where an addon names nothing else of them. */
const FOREIGN_LIBC = /^(?:libc\.so(?:\.[789]\d*)?|libc\.musl-.*|libc\+\+\.so\.1|liblog\.so|libandroid\.so)$/;

/** Parts of a file's name that tell the platform it is made for, not what it is. */
const PLATFORM =
  /^(?:linux|linuxmusl|darwin|macos|win|windows|freebsd|android|gnu|gnueabihf|glibc|musl|alpine|debian|rhel|ubuntu|static|openssl|x|x64|amd|arm|armv|aarch|ia|ppc|riscv|abi|napi|node|electron|uv|lib|so|exe|v|msvc)$/;

/** @param paths all addons and programs, absolute or relative to the image's root */
export function worthTelling(paths: readonly string[], problems: readonly ElfProblem[]): ElfProblem[] {
  const foreign = rooted(problems.filter(isForeign));
  const bad = rooted(problems);
  const clean = paths.map((path) => path.replace(/^\/+/, ""));
  const withOwn = new Set(
    clean.filter((path) => !foreign.has(path)).flatMap((path) => [packageOf(path), familyOf(path)]),
  );
  const loads = new Set(clean.filter((path) => !bad.has(path)).map(kindOf));
  return problems.filter((problem) => {
    const path = problem.path.replace(/^\/+/, "");
    return isForeign(problem)
      ? !withOwn.has(packageOf(path)) && !withOwn.has(familyOf(path))
      : !loads.has(kindOf(path));
  });
}

function isForeign({ code, missing }: ElfProblem): boolean {
  return FOREIGN.has(code) || (code === "ELF_LIBRARY_MISSING" && FOREIGN_LIBC.test(missing ?? ""));
}

function rooted(problems: readonly ElfProblem[]): Set<string> {
  return new Set(problems.flatMap(({ path, chain }) => [path, ...chain]).map((path) => path.replace(/^\/+/, "")));
}

/** `app/node_modules/@scope/name` of a file below it. */
function packageOf(path: string): string {
  const at = path.lastIndexOf("node_modules/");
  if (at < 0) return path;
  const parts = path.slice(at + "node_modules/".length).split("/");
  return path.slice(0, at) + parts.slice(0, parts[0]?.startsWith("@") ? 2 : 1).join("/");
}

/**
 * What packages have in common that are one for each platform: `@img/sharp` of `@img/sharp-linux-x64` and `@img/sharp-linuxmusl-x64`.
 * A name that says no platform is its own family.
 */
function familyOf(path: string): string {
  const place = packageOf(path);
  const at = place.lastIndexOf("node_modules/");
  if (at < 0) return place;
  const name = place.slice(at + "node_modules/".length);
  const slash = name.indexOf("/") + 1;
  const words = name
    .slice(slash)
    .toLowerCase()
    .split(/[^a-z]+/);
  const kept = words.filter((word) => word !== "" && !PLATFORM.test(word));
  return kept.length === words.length ? place : `family ${name.slice(0, slash)}${kept.join(" ")}`;
}

/** The package, and what the file is whatever it is made for: `libquery_engine` of `libquery_engine-rhel-openssl-1.1.x.so.node`. */
function kindOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const words = name.split(/[^a-z]+/).filter((word) => word !== "" && !PLATFORM.test(word));
  return `${packageOf(path)} ${words.join(" ")}`;
}
