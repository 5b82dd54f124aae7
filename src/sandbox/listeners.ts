/** Which TCP ports the processes of a container listen on: /proc/PID/net/tcp{,6}, matched with the sockets they hold (S11). */
import { readdir, readFile, readlink } from "node:fs/promises";

export interface Listener {
  /** `0.0.0.0`, `127.0.0.1`, `::`, … */
  address: string;
  port: number;
  pid: number;
}

const STATE_LISTEN = "0A";

/** Of this process and all below it. Empty where /proc does not show them (no Linux, a process of another machine). */
export async function listeners(pid: number): Promise<Listener[]> {
  const found: Listener[] = [];
  for (const process of await descendants(pid)) {
    const sockets = await heldSockets(process);
    if (sockets.size === 0) continue;
    for (const file of ["tcp", "tcp6"]) {
      const text = await readFile(`/proc/${process}/net/${file}`, "utf8").catch(() => "");
      for (const row of text.split("\n").slice(1)) {
        const fields = row.trim().split(/\s+/);
        const [hex = "", port = ""] = fields[1]?.split(":") ?? [];
        if (fields[3] !== STATE_LISTEN || !sockets.has(fields[9] ?? "")) continue;
        found.push({ address: address(hex), port: Number.parseInt(port, 16), pid: process });
      }
    }
  }
  return found;
}

async function descendants(pid: number): Promise<number[]> {
  const all = [pid];
  for (let index = 0; index < all.length; index++) {
    const process = all[index] as number;
    const tasks = await readdir(`/proc/${process}/task`).catch(() => []);
    for (const task of tasks) {
      const text = await readFile(`/proc/${process}/task/${task}/children`, "utf8").catch(() => "");
      all.push(...text.split(" ").filter(Boolean).map(Number));
    }
  }
  return all;
}

async function heldSockets(pid: number): Promise<Set<string>> {
  const inodes = new Set<string>();
  const names = await readdir(`/proc/${pid}/fd`).catch(() => []);
  for (const name of names) {
    const target = await readlink(`/proc/${pid}/fd/${name}`).catch(() => "");
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode) inodes.add(inode);
  }
  return inodes;
}

/** The kernel prints 32-bit words in the machine's byte order, which is little-endian on x86-64. */
function address(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)));
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.slice(0, 10).every((b) => b === 0) && bytes[10] === 0xff) return bytes.slice(12).join(".");
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i]! << 8) | bytes[2 * i + 1]!).toString(16));
  const text = groups.join(":").replace(/(?:^|:)0(?::0)+(?:$|:)/, "::");
  return text;
}
