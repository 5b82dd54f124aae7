/** Names of architectures other than x86-64. */
import type { Command } from "./shell/commands.ts";

const FOREIGN =
  /(?:^|[-_./])(?:linux[-_]?)?(arm64(?:v8)?|aarch64(?:_be)?|armhf|armel|armv[5-8][a-z]*|arm32(?:v[5-7])?|arm[5-7]|i[3-6]86|(?<=^|[-_]|linux[/.]?)386|ppc64le|ppc64el|powerpc64le|s390x|riscv64|mips(?:64)?(?:el|le)?|loong64)(?=[-_./]|$)/i;
/** A text without any of this names no other architecture and no other system. */
export const FOREIGN_TEXT =
  /GOOS|GOARCH|arm|aarch|86|powerpc|ppc|s390|riscv|mips|loong|darwin|mac|windows|win|osx|apple|freebsd|m32|mingw|musl|ia32/i;
/** `arm` alone is also a word. */
const ARM = /[-_]arm(?=[-_.]|$)/i;
const OTHER_SYSTEM = /(?:^|[-_./])(?:darwin|macos|windows|win32|win64|freebsd)(?=[-_./]|$)|\.(?:exe|msi|dmg)$/i;

/** The architecture that a URL is for, where it is another one. */
export function foreignArchitecture(url: string): string | undefined {
  const path = url.replace(/^[a-z]+:\/\/[^/]*/i, "").replace(/[?#].*$/, "");
  const system = OTHER_SYSTEM.exec(path.slice(path.lastIndexOf("/")))?.[0].replace(/^[-_./]/, "");
  if (system) return system;
  if (/(?:amd64|x86[_-]64|x64)(?![a-z0-9])/i.test(path.slice(path.lastIndexOf("/")))) return undefined;
  const found = FOREIGN.exec(path) ?? ARM.exec(path);
  return found ? (found[1] ?? "arm") : undefined;
}

/** Docker Hub's per-architecture organisations; tags that end in an architecture, as distroless has them. */
export function isForeignImage(image: string): boolean {
  return (
    /^(?:docker\.io\/)?(?:arm32v[5-7]|arm64v8|i386|ppc64le|s390x|riscv64|mips64le|winamd64)\//.test(image) ||
    /^(?:balenalib|resin)\/(?:raspberry|rpi|aarch64|armv?\d|i386|odroid)/.test(image) ||
    /:(?:[^/@]*-)?(?:arm64(?:v8)?|aarch64|armhf|arm(?:32)?(?:v[5-7])?|i386|ppc64le|s390x|riscv64)(?:@|$)/.test(image)
  );
}

const ARCHITECTURE_VARIABLES =
  /^(?:GOARCH|TARGET_ARCH|npm_config_arch|npm_config_target_arch|CARGO_BUILD_TARGET|DOTNET_RUNTIME_IDENTIFIER|CROSS_COMPILE|CC|CXX|LD|TARGET_CC|CARGO_TARGET_\w+_LINKER)$/;

/** `GOARCH=arm64`, `GOOS=windows`. */
export function foreignVariable(key: string, value: string): boolean {
  if (value.includes("$") || value === "") return false;
  if (key === "GOOS") return value !== "linux";
  if (key === "GOARCH") return value !== "amd64";
  return ARCHITECTURE_VARIABLES.test(key) && (foreignWord(value) || /windows|darwin|apple|musl_arm/.test(value));
}

function foreignWord(word: string): boolean {
  return FOREIGN.test(word) || ARM.test(word) || /^(?:arm|ia32)$/i.test(word);
}

const TARGET_FLAGS = /^(?:--target|-target|--arch|--runtime|-r|--platform|--cpu|--os|-march|--host)$/;
const COMPILERS = new Set(
  "cargo rustup cross rustc dotnet npm yarn pnpm go gcc g++ clang cmake zig pkg bun deno swift configure ./configure node-gyp".split(
    " ",
  ),
);

/** The target that a compiler is told, where it is another one. */
export function foreignTarget({ name: program, args }: Pick<Command, "name" | "args">): string | undefined {
  const compiler = /^(.+)-(?:gcc|g\+\+|cc|c\+\+|clang|ld)(?:-\d+)?$/.exec(program)?.[1];
  if (compiler !== undefined) return foreignWord(compiler) || /mingw|darwin/.test(compiler) ? program : undefined;
  if (!COMPILERS.has(program)) return undefined;
  const words = args.map(({ text }) => text);
  if (words.includes("-m32") && /^(?:gcc|g\+\+|clang)$/.test(program)) return `${program} -m32`;
  if (program === "rustup" && words[0] === "target") return words.slice(2).find(foreignWord);
  for (const [i, word] of words.entries()) {
    const equals = word.indexOf("=");
    const flag = equals < 0 ? word : word.slice(0, equals);
    const value = equals < 0 ? (words[i + 1] ?? "") : word.slice(equals + 1);
    if (!TARGET_FLAGS.test(flag) || value.includes("$")) continue;
    if (foreignWord(value) || /(?:^|-)(?:windows|apple|darwin|win|osx)(?:-|$)/.test(value)) return `${flag} ${value}`;
  }
  return undefined;
}
