/** A server that never reads PORT is reached there all the same; one that reads it, or of which nobody knows, is left as it is. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { requireComponent } from "../support/machine.ts";
import { runApp } from "../support/running-app.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

let workshop: Workshop;
beforeAll(() => {
  workshop = openWorkshop();
});
afterAll(() => workshop.close());

const serve = (port: string) =>
  `createServer((req, res) => res.end("from ${port.replaceAll('"', "'")}")).listen(${port});`;

function app(...ports: string[]): string {
  const dir = workshop.dir("own-port");
  mkdirSync(join(dir, "src"), { recursive: true });
  writeFileSync(
    join(dir, "package.json"),
    '{ "name": "own-port", "type": "module", "scripts": { "start": "node src/app.js" } }',
  );
  const lines = ['import { createServer } from "node:http";', ...ports.map(serve)];
  writeFileSync(join(dir, "src/app.js"), lines.join("\n"));
  return dir;
}

test.each([
  ["a variable of its own", "process.env.MAIL_WEB_PORT ?? 1080"],
  ["a port that is written out", "3000"],
])("%s", async (_name, port) => {
  requireComponent("runc");
  const running = await runApp(workshop.knbuild.program, [app(port), "--sandbox", "runc"]);
  expect(await (await fetch(running.url)).text()).toContain("from ");
  expect(running.output()).toMatch(/warning\[KS001\]: .*; the image has it reached on PORT as well/);
  // It takes a second pass over what the first one made: nothing is told twice.
  const steps = [...running.output().matchAll(/^✓ (.+?)(?: \(.*)?$/gm)].map(([, label]) => label);
  expect(steps.length).toBeGreaterThan(1);
  expect(steps).toEqual([...new Set(steps)]);
  expect(await running.interrupt()).toBe(0);
});

test.each([
  ["PORT", ["process.env.PORT ?? 8080"], []],
  ["two ports of its own: none is the one to ask", ["3000", "4000"], ["KS001", "KS001"]],
])("%s", async (_name, ports, told) => {
  const { warnings } = await workshop.build(app(...ports));
  expect(warnings.filter((text) => text.startsWith("KS001")).map((text) => text.slice(0, 5))).toEqual(told);
  expect(warnings.join("\n")).not.toContain("reached on PORT");
});
