/** An addon and a program that need a library the base lacks: the build names its Debian package, and with that line they load. */
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BuildReport } from "../../src/pipeline/build-types.ts";
import { requireComponent } from "../support/machine.ts";
import { runApp } from "../support/running-app.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

const compiler = spawnSync("cc", ["--version"]).status === 0;
const sandbox = ["runc", "bubblewrap"].find(requireComponent);

let workshop: Workshop;
beforeAll(() => {
  workshop = openWorkshop();
});
afterAll(() => workshop.close());

/** libpng's name and one of its functions: enough to link against. */
const STUB = "unsigned int png_access_version_number(void) { return 0; }\n";
const ADDON = `typedef void *p; extern int napi_create_uint32(p, unsigned int, p *);
extern unsigned int png_access_version_number(void);
p napi_register_module_v1(p env, p exports) { p n; napi_create_uint32(env, png_access_version_number(), &n); return n; }
`;
const PROGRAM = `#include <stdio.h>
extern unsigned int png_access_version_number(void);
int main(void) { printf("%u", png_access_version_number()); return 0; }
`;
const SERVER = `const { execFileSync } = require("node:child_process");
const { createServer } = require("node:http");
createServer((_request, answer) => {
  const program = execFileSync(require.resolve("picture/bin/picture"), { encoding: "utf8" });
  const loaded = { addon: require("picture/build/picture.node") > 10600, program: Number(program) > 10600 };
  // As in any container: the image itself has no /etc/hosts.
  require("node:dns").lookup("localhost", (error) => answer.end(JSON.stringify({ ...loaded, localhost: !error })));
}).listen(process.env.PORT);
`;

function app(): string {
  const dir = workshop.dir("picture");
  const write = (path: string, content: string | object) => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), typeof content === "string" ? content : JSON.stringify(content));
  };
  const vendored = { name: "picture", version: "1.0.0", main: "build/picture.node" };
  write("package.json", { name: "picture-app", version: "1.0.0", dependencies: { picture: "file:vendor/picture" } });
  write("server.js", SERVER);
  write("vendor/picture/package.json", vendored);
  for (const [file, text] of Object.entries({ "stub.c": STUB, "addon.c": ADDON, "program.c": PROGRAM }))
    write(`../source/${file}`, text);
  mkdirSync(join(dir, "vendor/picture/build"));
  mkdirSync(join(dir, "vendor/picture/bin"));
  const cc = (...args: string[]) => execFileSync("cc", args, { cwd: join(dir, "../source") });
  cc("-shared", "-fPIC", "-Wl,-soname,libpng16.so.16", "-o", "libpng16.so", "stub.c");
  cc("-shared", "-fPIC", "-o", join(dir, "vendor/picture/build/picture.node"), "addon.c", "-L.", "-lpng16");
  cc("-o", join(dir, "vendor/picture/bin/picture"), "program.c", "-L.", "-lpng16");
  return dir;
}

test.skipIf(!compiler || sandbox === undefined)(
  "it is named with its package, and the line that is printed mends it",
  async () => {
    const dir = app();
    const { code, stderr } = await workshop.knbuild.run(["build", dir], { timeoutMs: 300_000 });
    expect(`${code} ${stderr}`).toMatch(/^0 /);
    const told = [...stderr.matchAll(/warning\[ELF_LIBRARY_MISSING\]: (\S+).*\n\s+at .*\n\s+hint: (.*)/g)];
    expect(told.map(([, path]) => path)).toEqual([
      "/app/vendor/picture/bin/picture",
      "/app/vendor/picture/build/picture.node",
    ]);
    const line = /In knbuild\.yaml: (base: \{ packages: \[\S+\] \})$/.exec(told[0]?.[2] ?? "")?.[1] as string;
    expect(line).toMatch(/libpng16-16/);
    expect(told[0]?.[2]).toBe(told[1]?.[2]);
    writeFileSync(join(dir, "knbuild.yaml"), `${line}\n`);
    const second = await workshop.knbuild.run(["build", dir, "--json"], { timeoutMs: 300_000 });
    expect(second.stderr).not.toContain("ELF_");
    const { name } = JSON.parse(second.stdout) as BuildReport;
    const running = await runApp(workshop.knbuild.program, [name, "--sandbox", sandbox as string]);
    try {
      expect(await (await fetch(running.url)).json()).toEqual({ addon: true, program: true, localhost: true });
    } finally {
      await running.interrupt();
    }
  },
  600_000,
);

test.skipIf(!compiler)(
  "a library of a package beside it is found by way of the link that pnpm makes",
  async () => {
    const dir = app();
    const write = (path: string, json: object) => writeFileSync(join(dir, path), JSON.stringify(json));
    for (const folder of ["vendor/libpng/lib", "vendor/picture/build"])
      mkdirSync(join(dir, folder), { recursive: true });
    copyFileSync(join(dir, "../source/libpng16.so"), join(dir, "vendor/libpng/lib/libpng16.so.16"));
    const rpath = "-Wl,-rpath,$ORIGIN/../../libpng/lib";
    const out = join(dir, "vendor/picture/build/picture.node");
    const args = ["-shared", "-fPIC", "-o", out, "addon.c", "-L.", "-lpng16", rpath];
    execFileSync("cc", args, { cwd: join(dir, "../source") });
    rmSync(join(dir, "vendor/picture/bin"), { recursive: true });
    write("vendor/libpng/package.json", { name: "libpng", version: "1.0.0" });
    const dependencies = { libpng: "file:../libpng" };
    write("vendor/picture/package.json", {
      name: "picture",
      version: "1.0.0",
      main: "build/picture.node",
      dependencies,
    });
    const picture = { picture: "file:vendor/picture" };
    write("package.json", { name: "linked", version: "1.0.0", packageManager: "pnpm@10.22.0", dependencies: picture });
    const { warnings } = await workshop.build(dir);
    expect(warnings.filter((text) => text.includes("libpng"))).toEqual([]);
  },
  300_000,
);

/** `Context::GetIsolate` is in V8's headers up to Node 24's. */
const OLD_ADDON = `#include <node.h>
void Init(v8::Local<v8::Object> exports, v8::Local<v8::Value>, v8::Local<v8::Context> context) {
  v8::Isolate* isolate = context->GetIsolate();
  exports->Set(context, v8::String::NewFromUtf8Literal(isolate, "answer"), v8::Number::New(isolate, 42)).Check();
}
NODE_MODULE_CONTEXT_AWARE(NODE_GYP_MODULE_NAME, Init)
`;
const OLD_SERVER = `const { answer } = require("./build/Release/own.node");
require("http").createServer((_q, a) => a.end(process.version + " " + answer)).listen(process.env.PORT);
`;

test.skipIf(spawnSync("c++", ["--version"]).status !== 0 || sandbox === undefined)(
  "an addon that the newest Node does not compile gets an older one, where none is asked for",
  async () => {
    const dir = workshop.dir("old-addon");
    const write = (path: string, text: string | object) =>
      writeFileSync(join(dir, path), typeof text === "string" ? text : JSON.stringify(text));
    write("package.json", { name: "old-addon", version: "1.0.0", scripts: { start: "node server.js" } });
    write("binding.gyp", { targets: [{ target_name: "own", sources: ["own.cc"] }] });
    write("own.cc", OLD_ADDON);
    write("server.js", OLD_SERVER);
    const { code, stdout, stderr } = await workshop.knbuild.run(["build", dir, "--json"], { timeoutMs: 300_000 });
    expect(`${code} ${stderr}`).toMatch(/^0 /);
    const { name, warnings } = JSON.parse(stdout) as BuildReport;
    expect(warnings).toEqual([expect.stringContaining("does not compile for Node 26: the image has Node 24")]);
    const running = await runApp(workshop.knbuild.program, [name, "--sandbox", sandbox as string]);
    try {
      expect(await (await fetch(running.url)).text()).toMatch(/^v24\.\S+ 42$/);
    } finally {
      await running.interrupt();
    }
    write("package.json", {
      name: "old-addon",
      version: "1.0.0",
      engines: { node: "26" },
      scripts: { start: "node server.js" },
    });
    const asked = await workshop.knbuild.run(["build", dir], { timeoutMs: 300_000 });
    expect(`${asked.code} ${asked.stderr}`).toMatch(/^1 [\s\S]*error\[ADDON_NOT_COMPILED\]: .* for Node 26/);
  },
  600_000,
);

/** Its shell is no more in the base than that of the scripts. */
const STARTS_GZIP = `const { exec } = require("child_process");
require("http").createServer((_q, a) => exec("gzip --version", () => a.end())).listen(process.env.PORT);
`;

test("a script among the programs of base.packages: its interpreter is named, with the line that brings it", async () => {
  const dir = workshop.dir("scripts");
  writeFileSync(join(dir, "package.json"), JSON.stringify({ name: "scripts-app", version: "1.0.0" }));
  writeFileSync(join(dir, "server.js"), STARTS_GZIP);
  const build = async (packages: string) => {
    writeFileSync(join(dir, "knbuild.yaml"), `base: { packages: [${packages}] }\n`);
    const { code, stderr } = await workshop.knbuild.run(["build", dir], { timeoutMs: 300_000 });
    expect(`${code} ${stderr}`).toMatch(/^0 /);
    return stderr;
  };
  const told = await build("gzip");
  expect(told).toMatch(
    /warning\[SCRIPT_INTERPRETER_MISSING\]: \/usr\/bin\/\w+, .* and \d+ more of base\.packages: a script for \/bin\/sh,/,
  );
  // gzip itself is no script.
  expect(told).not.toMatch(/\/usr\/bin\/gzip\b/);
  const line = /base: \{ packages: \[(.*?)\] \}/.exec(told)?.[1] as string;
  expect(line).toBe("gzip, dash");
  expect(told).toMatch(
    /warning\[PROGRAM_NOT_IN_BASE\]: the app starts \/bin\/sh, .*\n.*\n\s+hint: .*\[gzip, dash\] \}/,
  );
  expect(told).not.toContain("starts gzip");
  expect(await build("gzip")).toContain("SCRIPT_INTERPRETER_MISSING"); // Remembered, and told again.
  expect(await build(line)).not.toMatch(/SCRIPT_INTERPRETER_MISSING|PROGRAM_NOT_IN_BASE/);
}, 600_000);
