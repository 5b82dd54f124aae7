/** What a list that grows in many places costs: counted by what it is taken to hold, since each place would double it. */
import { afterEach, expect, it, vi } from "vitest";
import { Evaluator } from "../../src/analysis/evaluate/evaluator.ts";
import type { Value } from "../../src/analysis/values.ts";
import { facts } from "./programs.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Servers whose addresses a function puts together, one by one, each where it is asked to. */
function program(places: number): Record<string, string> {
  const added = Array.from(
    { length: places },
    (_, i) => `\tif ask(${i}) { addrs = append(addrs, host+":${8000 + i}") }`,
  );
  return {
    "go.mod": "module example.com/app\n",
    "main.go": `package main
import "net/http"
func addresses(host string) []string {
	addrs := []string{host + ":80"}
${added.join("\n")}
	return addrs
}
func main() {
	for _, addr := range addresses("127.0.0.1") { go http.ListenAndServe(addr, nil) }
	select {}
}
`,
  };
}

it("a list that grows in many places does not double with each", async () => {
  const evaluate = vi.spyOn(Evaluator.prototype, "eval");
  await facts(program(24));
  const sizes = evaluate.mock.results.map((r) => {
    const value = r.value as Value | undefined;
    return value?.t === "array" ? value.items.length : 0;
  });
  expect(sizes.length).toBeGreaterThan(24);
  expect(Math.max(...sizes)).toBeLessThan(200);
});
