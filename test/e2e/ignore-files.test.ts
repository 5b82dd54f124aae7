/** What `.dockerignore` leaves out stays out of the image, also where nothing has to be installed and no copy is made. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorkshop, type Workshop } from "./workshop.ts";

let workshop: Workshop;
beforeAll(() => {
  workshop = openWorkshop();
});
afterAll(() => workshop.close());

/** Files below /app of the layers that the build made, sorted. */
async function filesInImage(files: Record<string, string>, ...flags: string[]): Promise<string[]> {
  const dir = workshop.dir("app");
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  const layout = join(workshop.dir("out"), "layout");
  const { layers } = await workshop.build(dir, "-o", `type=layout,dest=${layout}`, ...flags);
  const listed = layers.flatMap(({ digest }) =>
    execFileSync("tar", ["-tzf", join(layout, "blobs", digest.replace(":", "/"))], { encoding: "utf8" }).split("\n"),
  );
  return listed.filter((path) => /^(\.\/)?app\/.*[^/]$/.test(path)).sort();
}

const READS_ITS_FOLDER = `const { createServer } = require("node:http");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const server = createServer((request, answer) => answer.end(readFileSync(join(__dirname, "public", request.url))));
server.listen(process.env.PORT);
process.on("SIGTERM", () => server.close());
`;

test("beside a server without dependencies, bundled and not", async () => {
  const files = {
    "server.js": READS_ITS_FOLDER,
    "public/page.html": "page",
    "public/page.js.map": "{}",
    "drafts/secret.html": "draft",
    "drafts/ready.html": "ready",
    ".dockerignore": "**/*.map\ndrafts\n!drafts/ready.html\n",
  };
  const expected = ["app/drafts/ready.html", "app/public/page.html", "app/server.js"];
  const withoutMaps = (paths: string[]) => paths.filter((path) => path !== "app/server.js.map");
  expect(withoutMaps(await filesInImage(files))).toEqual(expected);
  expect(withoutMaps(await filesInImage(files, "--no-bundle"))).toEqual(expected);
});

test("in a site of plain files; the ignore file itself is no page", async () => {
  const files = { "index.html": "site", "drafts/secret.html": "draft", ".dockerignore": "drafts\n" };
  expect(await filesInImage(files)).toEqual(["app/public/index.html"]);
});
