/** What kind of program a file is, by its first bytes. */

export type FileKind =
  | "elf"
  /** macOS, any flavour, universal binaries included. */
  | "mach-o"
  /** Windows. */
  | "pe"
  /** `#!`. */
  | "script"
  | "wasm"
  | "ar"
  | "other";

/** At least 8 bytes make every kind recognisable. */
export function fileKind(head: Uint8Array): FileKind {
  const [a, b, c, d] = head;
  if (a === 0x7f && b === 0x45 && c === 0x4c && d === 0x46) return "elf";
  if (a === 0x23 && b === 0x21) return "script";
  if (a === 0x4d && b === 0x5a) return "pe";
  if (a === 0x00 && b === 0x61 && c === 0x73 && d === 0x6d) return "wasm";
  if (head.length >= 8 && Buffer.from(head.buffer, head.byteOffset, 8).toString("latin1") === "!<arch>\n") return "ar";
  const word = head.length >= 4 ? Buffer.from(head.buffer, head.byteOffset, 4).readUInt32BE() : 0;
  if (word === 0xfeedface || word === 0xfeedfacf || word === 0xcefaedfe || word === 0xcffaedfe) return "mach-o";
  // A universal binary shares its magic with Java classes: those have a version above 44 where it counts architectures.
  if (word === 0xcafebabe && head.length >= 8 && Buffer.from(head.buffer, head.byteOffset + 4, 4).readUInt32BE() < 43) {
    return "mach-o";
  }
  return "other";
}

/**
 * The interpreter and its argument of a `#!` line, as Linux reads it: everything behind the first blank is one argument.
 * Undefined when the line is empty or longer than the kernel reads (255 bytes).
 */
export function parseShebang(head: Uint8Array): { interpreter: string; argument?: string } | undefined {
  const text = Buffer.from(head.subarray(2, 256)).toString("utf8");
  const end = text.indexOf("\n");
  if (end < 0 && head.length >= 256) return undefined;
  const line = (end < 0 ? text : text.slice(0, end)).replace(/^[ \t]+/, "").replace(/[ \t]+$/, "");
  const match = /^([^ \t\0]+)(?:[ \t]+([^\0]*))?/.exec(line);
  if (!match?.[1]) return undefined;
  // A file with Windows line ends asks for an interpreter whose name ends in a carriage return: kept, it explains itself.
  return { interpreter: match[1], ...(match[2] && { argument: match[2] }) };
}
