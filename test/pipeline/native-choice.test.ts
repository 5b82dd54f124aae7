import { expect, test } from "vitest";
import type { ElfProblem } from "../../src/elf/check-closure.ts";
import { worthTelling } from "../../src/pipeline/native-choice.ts";

/** `path code missing`, of a package `p`. */
function told(paths: string[], bad: Record<string, [ElfProblem["code"], string?]>): string[] {
  const at = (name: string) => `/app/node_modules/p/${name}`;
  const problems = Object.entries(bad).map(
    ([name, [code, missing]]): ElfProblem => ({
      code,
      path: at(name),
      message: "",
      chain: [at(name)],
      ...(missing !== undefined && { missing }),
    }),
  );
  const all = [...paths, ...Object.keys(bad)].map((name) => at(name).slice(1));
  return worthTelling(all, problems).map(({ path }) => path.slice(at("").length));
}

test("what is made for other platforms is passed over where something is made for this one", () => {
  const bad = {
    "prebuilds/linux-arm64/x.node": ["ELF_FOREIGN_MACHINE"],
    "prebuilds/linux-x64/x.musl.node": ["ELF_LIBC_MIX"],
    "prebuilds/android-x64/x.node": ["ELF_LIBRARY_MISSING", "libc.so"],
    "prebuilds/win32-x64/x.node": ["PROGRAM_FOREIGN_FORMAT"],
  } satisfies Parameters<typeof told>[1];
  expect(told(["prebuilds/linux-x64/x.glibc.node"], bad)).toEqual([]);
  expect(told([], bad)).toEqual(Object.keys(bad));
  // The one that is made for this platform lacks a library: that is what has to be mended, the others never matter.
  expect(told([], { ...bad, "prebuilds/linux-x64/x.node": ["ELF_LIBRARY_MISSING", "libudev.so.1"] })).toEqual([
    "prebuilds/linux-x64/x.node",
  ]);
});

test("packages that are one for each C library: the one that is made for this one is enough", () => {
  const at = (name: string) => `/app/node_modules/.pnpm/${name.replace("/", "+")}@1.0.0/node_modules/${name}/a.node`;
  const musl = (path: string): ElfProblem => ({ code: "ELF_LIBC_MIX", path, message: "", chain: [path] });
  const [own, other] = [at("@img/sharp-linux-x64"), at("@img/sharp-linuxmusl-x64")];
  expect(worthTelling([own, other], [musl(other)])).toEqual([]);
  expect(worthTelling([other], [musl(other)])).toHaveLength(1);
  expect(worthTelling([at("@img/other-linux-x64"), other], [musl(other)])).toHaveLength(1);
  // A name without a platform stands for itself.
  expect(worthTelling([at("@img/sharp"), at("@img/canvas")], [musl(at("@img/canvas"))])).toHaveLength(1);
});

test("a library that an addon lacks is told, whatever else of the package loads", () => {
  // canvas: the target of node-gyp's post-build step is an addon by its name, and needs nothing.
  expect(
    told(["build/Release/canvas-postbuild.node"], {
      "build/Release/canvas.node": ["ELF_LIBRARY_MISSING", "libcairo.so.2"],
    }),
  ).toEqual(["build/Release/canvas.node"]);
});

test("builds of one engine for several versions of OpenSSL: one that loads is enough", () => {
  expect(
    told(["libquery_engine-debian-openssl-3.0.x.so.node"], {
      "libquery_engine-rhel-openssl-1.1.x.so.node": ["ELF_LIBRARY_MISSING", "libssl.so.1.1"],
    }),
  ).toEqual([]);
});
