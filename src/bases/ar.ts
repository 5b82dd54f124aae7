/** Unix `ar` archives, as far as .deb files need them: deb(5), the common format with 16-byte names. */
import type { FileHandle } from "node:fs/promises";
import { KnbuildError } from "../base/errors.ts";

export interface ArMember {
  name: string;
  /** Where the content begins in the file. */
  offset: number;
  size: number;
}

const MAGIC = "!<arch>\n";

/** The members of an archive, in order; the content is not read. @throws DEB_INVALID */
export async function readArMembers(file: FileHandle, where: string): Promise<ArMember[]> {
  const invalid = (why: string) =>
    new KnbuildError({ code: "DEB_INVALID", message: `not a Debian package: ${why}`, where });
  const header = Buffer.alloc(60);
  const magic = Buffer.alloc(8);
  if ((await file.read(magic, 0, 8, 0)).bytesRead !== 8 || magic.toString("latin1") !== MAGIC)
    throw invalid("no ar archive");
  const members: ArMember[] = [];
  const { size: total } = await file.stat();
  for (let position = 8; position < total; ) {
    if ((await file.read(header, 0, 60, position)).bytesRead !== 60) throw invalid("a cut member header");
    if (header.toString("latin1", 58, 60) !== "`\n") throw invalid("a damaged member header");
    const name = header.toString("latin1", 0, 16).trim().replace(/\/$/, "");
    const digits = header.toString("latin1", 48, 58).trim();
    const size = Number(digits);
    if (!/^\d+$/.test(digits) || position + 60 + size > total) throw invalid(`member ${name} is cut`);
    members.push({ name, offset: position + 60, size });
    // Members begin at even offsets.
    position += 60 + size + (size % 2);
  }
  return members;
}
