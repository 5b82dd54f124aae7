/**
 * A Linux x86-64 program of 132 bytes that exits with 0, so that a probe can really start something: it needs no library,
 * no file and no package of the machine, and it shows at once whether x86-64 programs run here at all (S8, S10).
 */
import { chmod, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const LOAD_ADDRESS = 0x400000n;

/** mov $60,%eax · xor %edi,%edi · syscall: exit(0). */
const CODE = Buffer.from([0xb8, 0x3c, 0, 0, 0, 0x31, 0xff, 0x0f, 0x05, 0, 0, 0]);

/** System V ABI, "ELF Header" and "Program Header": one segment, the whole file, readable and executable. */
export function exitZeroProgram(): Uint8Array {
  const start = HEADER_BYTES + PROGRAM_HEADER_BYTES;
  const elf = Buffer.alloc(start);
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(elf);
  elf.writeUInt16LE(2, 16); // ET_EXEC
  elf.writeUInt16LE(62, 18); // EM_X86_64
  elf.writeUInt32LE(1, 20);
  elf.writeBigUInt64LE(LOAD_ADDRESS + BigInt(start), 24); // entry
  elf.writeBigUInt64LE(BigInt(HEADER_BYTES), 32); // program headers
  elf.writeUInt16LE(HEADER_BYTES, 52);
  elf.writeUInt16LE(PROGRAM_HEADER_BYTES, 54);
  elf.writeUInt16LE(1, 56);
  const total = BigInt(start + CODE.length);
  elf.writeUInt32LE(1, 64); // PT_LOAD
  elf.writeUInt32LE(5, 68); // readable, executable
  elf.writeBigUInt64LE(LOAD_ADDRESS, 80);
  elf.writeBigUInt64LE(LOAD_ADDRESS, 88);
  elf.writeBigUInt64LE(total, 96);
  elf.writeBigUInt64LE(total, 104);
  elf.writeBigUInt64LE(0x1000n, 112);
  return Buffer.concat([elf, CODE]);
}

export const EXIT_ZERO_PATH = "/exit-zero";

/** A fresh temporary directory that is a root with nothing but that program; the caller removes it. */
export async function exitZeroRoot(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "knbuild-probe-"));
  // The process inside is another user.
  await chmod(root, 0o755);
  await mkdir(join(root, "tmp"), { mode: 0o1777 });
  await writeFile(join(root, EXIT_ZERO_PATH), exitZeroProgram(), { mode: 0o755 });
  return root;
}
