/** Two projects whose directories are called alike, built at the same time: each run starts what it built itself. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openImage } from "../../src/pipeline/inspect.ts";
import { builtImage } from "../../src/pipeline/transports.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

let workshop: Workshop;
beforeAll(() => {
  workshop = openWorkshop();
});
afterAll(() => workshop.close());

function shop(page: string): string {
  const dir = workshop.dir("shop");
  writeFileSync(
    join(dir, "Dockerfile"),
    'FROM scratch\nUSER 65532\nCOPY page.html /srv/\nENTRYPOINT ["/srv/page.html"]\n',
  );
  writeFileSync(join(dir, "page.html"), page);
  return dir;
}

test("an image is opened as the one that was built, whoever has its name by then", async () => {
  const reports = await Promise.all(["cart", "till"].map((page) => workshop.build(shop(page), "--no-lint")));
  expect(new Set(reports.map(({ name }) => name))).toEqual(new Set(["shop:latest"]));
  expect(new Set(reports.map(({ digest }) => digest)).size).toBe(2);
  const registry = () => {
    throw new Error("nothing of it lies in a registry");
  };
  for (const report of reports) {
    const { image, place } = await openImage(builtImage(report), { registry, env: process.env });
    expect(image.descriptor.digest).toBe(report.digest);
    await place.close();
  }
});
