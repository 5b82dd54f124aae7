import { expect, it } from "vitest";
import { readPlainCopy } from "../../src/cli/plain-copy.ts";

const A = "docker://localhost:5000/a:v1";
const B = "docker://localhost:5000/b:v1";

it("plain words are read as the command line reads them", () => {
  const none = { plainHttp: [], insecure: [], ca: [], explain: false };
  expect(readPlainCopy(["copy", A, B])).toEqual({ places: [A, B], options: none });
  expect(
    readPlainCopy(["-q", "cp", A, "--plain-http", "h:1", "--json", B, "--plain-http", "i:2", "--ca", "f"]),
  ).toEqual({
    places: [A, B],
    options: { ...none, plainHttp: ["h:1", "i:2"], ca: ["f"] },
  });
  expect(readPlainCopy(["copy", "--explain", A, B])?.options["explain"]).toBe(true);
});

it.each([
  [["build", A, B]],
  [["copy", A]],
  [["copy", A, B, B]],
  [["copy", A, "oci:dir"]],
  [["copy", "hello", B]],
  [["copy", A, "docker://"]],
  [["copy", A, B, "--platform", "linux/amd64"]],
  [["copy", A, B, "--config", "x.yaml"]],
  [["copy", A, B, "--plain-http"]],
  [["copy", A, B, "--plain-http=h:1"]],
  [["copy", A, B, "--debug"]],
  [["copy", A, B, "--help"]],
  [["copy", "--", A, B]],
])("anything else is left to the whole program: %j", (argv) => {
  expect(readPlainCopy(argv)).toBeUndefined();
});
