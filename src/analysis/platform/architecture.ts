/** Programs and packages for another machine than Linux on x86_64, named in source. */
import type { Visit } from "../collect.ts";
import { alternatives, textOf, type Value } from "../values.ts";

const OTHER_ARCH = "arm64|aarch64|aarch_64|armv?[67]l?|armhf|armel|i386|i686|386|ppc64le|s390x|riscv64|arm";
const X86 = "x86_64|amd64|x64|x86-64|64bit|64";

/** `linux-arm64`, `darwin_amd64`, `aarch64-unknown-linux-gnu`, `windows-x64`, `tool.exe`. */
const FOREIGN: readonly RegExp[] = [
  new RegExp(
    `(?<![A-Za-z0-9])(?:linux|linux-gnu|linux-musl|manylinux\\w*|musllinux\\w*)[-_.]?(?:${OTHER_ARCH})(?![A-Za-z0-9])`,
    "i",
  ),
  new RegExp(`(?<![A-Za-z0-9])(?:${OTHER_ARCH})[-_.](?:unknown[-_.])?(?:linux)(?![A-Za-z0-9])`, "i"),
  new RegExp(
    `(?<![A-Za-z0-9])(?:darwin|macos|macosx|osx|windows|win32|win64|freebsd)[-_.](?:${X86}|${OTHER_ARCH}|universal2?)(?![A-Za-z0-9])`,
    "i",
  ),
  new RegExp(
    `(?<![A-Za-z0-9])(?:${X86}|${OTHER_ARCH})[-_.](?:apple[-_.]darwin|pc[-_.]windows|darwin|macos|windows)(?![A-Za-z0-9])`,
    "i",
  ),
  /(?<![A-Za-z0-9])(?:arm64|aarch64|armhf|armv7l?)\.(?:deb|rpm|tar\.gz|tgz|tar\.xz|zip|whl|so|AppImage)$/i,
  /[\w-]\.(?:exe|msi|dmg|pkg|dll|dylib)$/i,
];

/** The first foreign name in a text. */
export function foreignName(text: string): string | undefined {
  // Something for x86-64 Linux beside it: a list of what there is.
  for (const pattern of FOREIGN) {
    const m = pattern.exec(text);
    if (m) return text.length <= 120 ? text : m[0];
  }
  return undefined;
}

const GUARD =
  /platform|arch|GOOS|GOARCH|os\.name|uname|machine\(\)|sys\.platform|OSInfo|RuntimeInformation|isWindows|isMac|win32|darwin|windows/i;

/** A call's program or address that only another machine runs, when nothing asks which machine this is. */
export function foreignProgram(visit: Visit, value: Value): string | undefined {
  const all = alternatives(value);
  if (all.length !== 1) return undefined;
  const v = all[0] as Value;
  const text =
    textOf(v) ??
    (v.t === "text" ? v.parts.map((p) => textOf(p) ?? "…").join("") : v.t === "array" ? textOf(v.items[0]) : undefined);
  if (text === undefined || text.length > 500) return undefined;
  // Of a command line the program counts, and what it fetches.
  const found = text
    .split(/\s+/)
    .map(foreignName)
    .find((x) => x !== undefined);
  if (found === undefined || visit.reach().conditions.some((c) => GUARD.test(c))) return undefined;
  return found;
}
