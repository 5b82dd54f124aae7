/** Packages behind stubs: how the app's bundle finds them. */
import { afterAll, expect, test } from "vitest";
import { place, removeTemporaryDirs, startPlaced, stopAll, temporaryDir, writeFiles } from "./place.ts";

afterAll(() => {
  stopAll();
  removeTemporaryDirs();
});

test("a module of a package is found though others in folders below it were asked for long before", async () => {
  const depth = 12;
  const chain = Array.from({ length: depth }, (_, at) => [
    `src/f${at}.mjs`,
    at + 1 < depth
      ? `export { greet } from "./f${at + 1}.mjs";`
      : 'import { word } from "kit";\nexport const greet = () => word;',
  ]);
  const dir = writeFiles(temporaryDir(), {
    "package.json": '{"name":"app","type":"module","dependencies":{"kit":"1.0.0"}}',
    "node_modules/kit/package.json":
      '{"name":"kit","version":"1.0.0","type":"module","exports":{".":"./dist/index.mjs","./http":"./dist/http/index.mjs"}}',
    "node_modules/kit/dist/index.mjs": 'export const word = "found";',
    "node_modules/kit/dist/http/index.mjs":
      'import { createServer } from "node:http";\nexport const serve = (answer) => createServer((q, r) => r.end(answer())).listen(process.env.PORT);',
    "server.mjs": 'import { serve } from "kit/http";\nimport { greet } from "./src/f0.mjs";\nserve(greet);',
    ...Object.fromEntries(chain),
  });
  const placed = await place(dir, "server.mjs");
  expect(placed.result.bundled).toEqual(["kit@1.0.0"]);
  const running = await startPlaced(placed);
  expect(await (await fetch(running.url)).text()).toBe("found");
  await running.stop();
});
