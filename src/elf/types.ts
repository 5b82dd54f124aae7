/** What an ELF file says about itself: System V gABI chapters 4 and 5, LSB for symbol versions. */

export interface ElfFile {
  /** 32 or 64. */
  bits: 32 | 64;
  littleEndian: boolean;
  /** e_machine: 62 is x86-64, 183 is AArch64. */
  machine: number;
  /** `x86-64`, `aarch64`, …; `machine N` for others. */
  machineName: string;
  /** EI_OSABI: 0 is System V, 3 is GNU/Linux. */
  osAbi: number;
  type: "relocatable" | "executable" | "shared" | "core" | "other";
  /** PT_INTERP: the dynamic loader. */
  interpreter?: string;
  /** It has a dynamic section. */
  dynamic: boolean;
  /** DT_NEEDED, in order. */
  needed: string[];
  soname?: string;
  /** DT_RPATH, split at `:`. */
  rpath: string[];
  /** DT_RUNPATH, split at `:`. */
  runpath: string[];
  /** DF_1_PIE: a shared object that is a program. */
  pie: boolean;
  /** Versions that other files must define, by file name: `libc.so.6` → `GLIBC_2.34`, … */
  versionsNeeded: { file: string; versions: string[]; weak: string[] }[];
  /** Versions that this file defines. */
  versionsDefined: string[];
  /** Which C library it was linked to, as far as the file shows. */
  libc: "glibc" | "musl" | "none" | "unknown";
}

/** Random access to a file's bytes. */
export interface ByteSource {
  /** Bytes. */
  readonly size: number;
  /** At most `length` bytes from `offset`; fewer at the end of the file. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

export const EM_X86_64 = 62;

const MACHINES: Readonly<Record<number, string>> = {
  2: "sparc",
  3: "x86",
  8: "mips",
  20: "powerpc",
  21: "powerpc64",
  22: "s390",
  40: "arm",
  43: "sparc64",
  50: "ia64",
  62: "x86-64",
  183: "aarch64",
  243: "riscv",
  247: "bpf",
  258: "loongarch",
};

export function machineName(machine: number): string {
  return MACHINES[machine] ?? `machine ${machine}`;
}
