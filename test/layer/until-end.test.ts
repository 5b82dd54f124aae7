/** Where an archive ends: sizes as old and as new archivers write them. */
import { expect, test } from "vitest";
import { readAll, streamOf } from "../../src/base/streams.ts";
import { startsTar, untilEnd } from "../../src/tar/until-end.ts";

const ZEROS = Buffer.alloc(1024);
const RUBBISH = Buffer.from("rubbish".repeat(200));

/** @param size as it stands in the header, 12 bytes */
function header(name: string, size: string, type = "0"): Buffer {
  const block = Buffer.alloc(512);
  block.write(name);
  block.write("0000644\0", 100);
  block.write(size, 124, "latin1");
  block.write("        ", 148);
  block.write(type, 156);
  block.write("ustar\0" + "00", 257);
  const sum = block.reduce((all, byte) => all + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

async function read(archive: Buffer, step: number): Promise<Buffer> {
  async function* pieces() {
    for (let at = 0; at < archive.length; at += step) yield archive.subarray(at, at + step);
  }
  return Buffer.from(await readAll(untilEnd(pieces()), archive.length));
}

const RECORD = Buffer.alloc(512);
RECORD.write("13 size=1024\n");
const ARCHIVES: [string, Buffer][] = [
  ["octal", Buffer.concat([header("a", "00000002000\0"), ZEROS])],
  ["blanks before it", Buffer.concat([header("a", "       2000 "), ZEROS])],
  ["in a record", Buffer.concat([header("x", "00000000015\0", "x"), RECORD, header("a", "00000000000\0"), ZEROS])],
  ["of a link, which has no content", header("a", "00000002000\0", "1")],
];

test.each(ARCHIVES)("a size: %s", async (_, entries) => {
  const archive = Buffer.concat([entries, header("b", "00000000000\0"), ZEROS]);
  expect(startsTar(archive.subarray(0, 512))).toBe(true);
  for (const step of [7, 512, 5000]) expect(await read(Buffer.concat([archive, RUBBISH]), step)).toEqual(archive);
});

test("what only looks like one begins none", () => {
  expect(startsTar(ZEROS)).toBe(false);
  expect(startsTar(RUBBISH)).toBe(false);
  expect(startsTar(header("a", "00000000000\0").fill("x", 0, 1))).toBe(false);
});

test("one without its mark is read to its end", async () => {
  const archive = Buffer.concat([header("a", "00000002000\0"), ZEROS]);
  expect(await read(archive, 100)).toEqual(archive);
  expect(Buffer.from(await readAll(untilEnd(streamOf(archive)), archive.length))).toEqual(archive);
});
