/** Who an image runs as: `config.User` of image-spec config.md, looked up in the image's own passwd and group files. */
import { readFileSync } from "node:fs";
import { KnbuildError } from "../base/errors.ts";
import { resolveInRoot } from "./scoped-path.ts";

export interface ImageUser {
  uid: number;
  gid: number;
  additionalGids: number[];
  home: string;
}

/**
 * @param user `uid`, `uid:gid`, `name`, `name:group`; empty is root.
 * @throws IMAGE_USER_UNKNOWN when a name is in no file
 */
export function resolveUser(root: string, user: string): ImageUser {
  const [name = "", group] = user.split(":");
  const entries = table(root, "passwd");
  const entry = entries.find((fields) => fields[0] === name) ?? entries.find((fields) => fields[2] === (name || "0"));
  const uid = number(entry?.[2]) ?? number(name || "0");
  if (uid === undefined) throw unknown(`user ${JSON.stringify(name)}`, "/etc/passwd");
  const groups = table(root, "group");
  const groupEntry = group ? groups.find((fields) => fields[0] === group) : undefined;
  const gid = group ? (number(groupEntry?.[2]) ?? number(group)) : (number(entry?.[3]) ?? 0);
  if (gid === undefined) throw unknown(`group ${JSON.stringify(group)}`, "/etc/group");
  const additionalGids = group
    ? []
    : groups
        .filter((fields) => entry?.[0] !== undefined && fields[3]?.split(",").includes(entry[0]))
        .map((fields) => number(fields[2]))
        .filter((id): id is number => id !== undefined && id !== gid);
  return { uid, gid, additionalGids, home: entry?.[5] || "/" };
}

function table(root: string, file: string): string[][] {
  try {
    const text = readFileSync(resolveInRoot(root, ["etc", file]), "utf8");
    return text.split("\n").map((line) => line.split(":"));
  } catch {
    return [];
  }
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

function unknown(what: string, file: string): KnbuildError {
  return new KnbuildError({
    code: "IMAGE_USER_UNKNOWN",
    message: `the image runs as ${what}, which its ${file} does not have`,
    hint: "Give the image a numeric user.",
  });
}
