/** The ids that an ordinary user may use in a user namespace: subuid(5), subgid(5), newuidmap(1). */
import { readFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { findProgram } from "./program.ts";
import type { IdMapping } from "./runtime-config.ts";

export interface IdMappings {
  uid: IdMapping[];
  gid: IdMapping[];
}

/** The user's own id is root in the container; the others are subordinate ones. */
export async function subordinateIds(): Promise<IdMappings | { reason: string; hint: string }> {
  if (!findProgram("newuidmap") || !findProgram("newgidmap")) {
    return { reason: "newuidmap is not installed", hint: "Debian, Ubuntu: apt install uidmap." };
  }
  const user = currentUser();
  const [uids, gids] = await Promise.all(["/etc/subuid", "/etc/subgid"].map((file) => range(file, user)));
  if (!uids || !gids) {
    return {
      reason: `${user.username} has no subordinate user ids`,
      hint: `Add a line for ${user.username} to /etc/subuid and /etc/subgid (usermod --add-subuids).`,
    };
  }
  return {
    uid: [{ containerID: 0, hostID: user.uid, size: 1 }, uids],
    gid: [{ containerID: 0, hostID: user.gid, size: 1 }, gids],
  };
}

/** A user without an entry in passwd (a container started with a number) has a number only. */
function currentUser(): { username: string; uid: number; gid: number } {
  try {
    return userInfo();
  } catch {
    const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
    return { username: String(uid), uid, gid };
  }
}

async function range(file: string, user: { username: string; uid: number }): Promise<IdMapping | undefined> {
  const text = await readFile(file, "utf8").catch(() => "");
  for (const line of text.split("\n")) {
    const [name, start, size] = line.split(":");
    if (name !== user.username && name !== String(user.uid)) continue;
    return { containerID: 1, hostID: Number(start), size: Number(size) };
  }
  return undefined;
}
