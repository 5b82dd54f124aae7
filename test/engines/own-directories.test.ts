import { expect, it } from "vitest";
import { ownDirectories } from "../../src/engines/own-directories.ts";
import type { TarEntry } from "../../src/oci/layer-source.ts";

const file = (path: string): TarEntry => ({
  type: "file",
  path,
  mode: 0o644,
  uid: 0,
  gid: 0,
  size: 0,
  open: async function* () {},
});
const owners = (entries: TarEntry[]) =>
  Object.fromEntries(entries.map(({ path, uid, gid }) => [path, `${uid}:${gid}`]));

it("the app's directories are its user's, its code and its packages root's", () => {
  const entries = [file("app/src/index.js"), file("app/node_modules/a/index.js"), file("knbuild/server.cjs")];
  expect(owners(ownDirectories("app", entries, "/app", "65532:65532"))).toEqual({
    app: "65532:65532",
    "app/src": "65532:65532",
    "app/src/index.js": "0:0",
    "app/node_modules/a/index.js": "0:0",
    "knbuild/server.cjs": "0:0",
  });
});

it("data is written in place", () => {
  expect(owners(ownDirectories("assets", [file("srv/app/data/db.json")], "/srv/app", "1000"))).toEqual({
    "srv/app": "1000:0",
    "srv/app/data": "1000:0",
    "srv/app/data/db.json": "1000:0",
  });
});

it.each(["root", "0", undefined])("nothing changes for the user %s", (user) => {
  expect(owners(ownDirectories("assets", [file("app/a.txt")], "/app", user))).toEqual({ "app/a.txt": "0:0" });
});
