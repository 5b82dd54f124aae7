/** Where each file of an uncompressed tar on disk lies, so that archives are read at random without unpacking. */
import { open } from "node:fs/promises";
import { extract } from "tar-stream";
import { errnoCode, errorMessage, KnbuildError } from "../base/errors.ts";

export interface TarIndexEntry {
  /** Offset of the content in the file, bytes. */
  offset: number;
  size: number;
  type: "file" | "directory" | "symlink" | "hardlink" | "other";
  /** Target of a symbolic or hard link, as written. */
  linkTarget?: string;
}

/** Reads only the headers. @throws ARCHIVE_MISSING, ARCHIVE_UNREADABLE, ARCHIVE_INVALID */
export async function indexTar(path: string): Promise<Map<string, TarIndexEntry>> {
  const index = new Map<string, TarIndexEntry>();
  const file = await openArchive(path);
  const block = Buffer.alloc(512);
  try {
    const { size: fileSize } = await file.stat();
    let position = 0;
    let pending: Buffer[] = [];
    while (position + 512 <= fileSize) {
      const { bytesRead } = await file.read(block, 0, 512, position);
      if (bytesRead < 512 || block.every((byte) => byte === 0)) break;
      const type = block[156];
      const size = headerSize(block);
      // PAX and GNU long name records precede the header that they are about; tar-stream reads them together.
      if (type === 0x78 || type === 0x67 || type === 0x4c || type === 0x4b) {
        if (size > 1024 * 1024) throw new Error("an extended header of more than 1 MiB");
        const record = Buffer.alloc(512 + Math.ceil(size / 512) * 512);
        await file.read(record, 0, record.length, position);
        pending.push(record);
        position += record.length;
        continue;
      }
      const header = await parseHeader([...pending, Buffer.from(block)]);
      pending = [];
      const isFile = header.type === "file" || header.type === "contiguous-file";
      const contentSize = isFile ? header.size : 0;
      index.set(header.name.replace(/^\.\//, "").replace(/\/$/, ""), {
        offset: position + 512,
        size: contentSize,
        type: typeOf(header.type),
        ...(header.linkname && { linkTarget: header.linkname }),
      });
      position += 512 + Math.ceil(contentSize / 512) * 512;
    }
  } catch (error) {
    throw new KnbuildError({
      code: "ARCHIVE_INVALID",
      message: `not a tar archive: ${errorMessage(error)}`,
      where: path,
      cause: error,
    });
  } finally {
    await file.close();
  }
  if (index.size === 0)
    throw new KnbuildError({ code: "ARCHIVE_INVALID", message: "not a tar archive, or an empty one", where: path });
  return index;
}

async function openArchive(path: string) {
  try {
    return await open(path, "r");
  } catch (error) {
    throw new KnbuildError({
      code: errnoCode(error) === "ENOENT" ? "ARCHIVE_MISSING" : "ARCHIVE_UNREADABLE",
      message: errnoCode(error) === "ENOENT" ? "no such archive" : `cannot read the archive (${errnoCode(error)})`,
      where: path,
      hint: "Check the path and who may read it.",
      cause: error,
    });
  }
}

function typeOf(type: string): TarIndexEntry["type"] {
  if (type === "contiguous-file") return "file";
  if (type === "link") return "hardlink";
  return type === "file" || type === "directory" || type === "symlink" ? type : "other";
}

interface ParsedHeader {
  name: string;
  size: number;
  type: string;
  linkname: string | null;
}

function parseHeader(blocks: Buffer[]): Promise<ParsedHeader> {
  return new Promise((resolve, reject) => {
    const parser = extract();
    parser.on("entry", (header) => {
      resolve(header as unknown as ParsedHeader);
      parser.destroy();
    });
    parser.on("error", reject);
    parser.write(Buffer.concat(blocks));
    parser.end(null);
  });
}

/** Octal, in old archives with blanks before it; or base 256 with the high bit set (GNU, sizes over 8 GiB). */
export function headerSize(block: Buffer): number {
  if ((block[124] as number) & 0x80) return Number(block.readBigUInt64BE(128));
  return Number.parseInt(block.toString("latin1", 124, 136), 8) || 0;
}
