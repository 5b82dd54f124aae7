/** `--chown=user:group` → numbers, names looked up in the image's own /etc/passwd and /etc/group (solver/llbsolver/ops/user_linux.go). */
import { readAll } from "../../base/streams.ts";
import { type DirectoryNode, nodeAt, realPath } from "./file-tree.ts";
import type { Owner } from "./writable-tree.ts";

const LIMIT = 4 << 20;

/**
 * A user without a group has the user's own group; a number without one is both. A name that is not there counts as root,
 * as it does for the builder.
 * @param root undefined: nothing to look names up in
 * @throws Error for a name on an image without layers
 */
export async function resolveOwner(text: string, root: DirectoryNode | undefined): Promise<Owner> {
  const colon = text.indexOf(":");
  const user = colon < 0 ? text : text.slice(0, colon);
  const group = colon < 0 ? undefined : text.slice(colon + 1);
  const owner: Owner = { uid: 0, gid: 0 };
  const userId = numeric(user);
  if (userId !== undefined) {
    owner.uid = userId;
    owner.gid = userId;
  } else if (user !== "") {
    const fields = await look(root, "/etc/passwd", user);
    owner.uid = Number(fields?.[2] ?? 0) || 0;
    owner.gid = Number(fields?.[3] ?? 0) || 0;
  }
  if (group !== undefined && group !== "") {
    owner.gid = numeric(group) ?? (Number((await look(root, "/etc/group", group))?.[2] ?? owner.gid) || 0);
  }
  return owner;
}

function numeric(text: string): number | undefined {
  if (text === "root") return 0;
  return /^\d{1,10}$/.test(text) && Number(text) <= 0x7fffffff ? Number(text) : undefined;
}

async function look(root: DirectoryNode | undefined, file: string, name: string): Promise<string[] | undefined> {
  if (!root) throw new Error(`there is no ${file} to look ${name} up in: write its number`);
  const node = nodeAt(root, realPath(root, file));
  if (node?.type !== "file") return undefined;
  const text = Buffer.from(await readAll(node.open(), LIMIT, file)).toString("utf8");
  for (const line of text.split("\n")) {
    const fields = line.trim().split(":");
    if (fields[0] === name) return fields;
  }
  return undefined;
}
