/** What goes past the proxy, as Go programs read NO_PROXY. */
import { expect, it } from "vitest";
import { createProxySelector, proxyAuthorization } from "../../src/base/proxy.ts";

const PROXY = { HTTP_PROXY: "http://proxy:1", HTTPS_PROXY: "http://proxy:2" };

it.each([
  ["example.com", "https://example.com/ https://a.example.com/ https://example.com./", "https://notexample.com/"],
  [".example.com", "https://a.b.example.com/", "https://example.com/"],
  ["*.example.com", "https://x.example.com:5000/", "https://example.com/"],
  ["a,*", "https://example.com/ http://10.0.0.1/", ""],
  ["foo, BAR.com ,baz qux.org", "https://bar.com/ https://qux.org/", "https://other.org/"],
  ["example.com:5000", "https://example.com:5000/", "https://example.com/"],
  ["example.com:443 example.org:80", "https://example.com/ http://example.org/", "http://example.com/"],
  ["10.0.0.1", "http://10.0.0.1:5000/ http://[::ffff:10.0.0.1]/", "http://10.0.0.11/"],
  ["10.0.0.1:5000", "http://10.0.0.1:5000/", "http://10.0.0.1/"],
  ["10.0.0.0/8,10.0.0.0/33", "http://10.1.2.3/ http://[::ffff:10.1.2.3]/", "http://11.1.2.3/"],
  ["10.", "", "http://10.1.2.3/"],
  ["FD00:0::1", "http://[fd00::1]:5000/", "http://[fd00::2]/"],
  ["[fd00::1]:5000", "http://[fd00::1]:5000/", "http://[fd00::1]/"],
  ["fd00::/8", "http://[fd12::1]/", "http://[fe80::1]/"],
  ["::ffff:10.1.2.3", "http://10.1.2.3/", "http://10.1.2.4/"],
  [
    "m\u00fcnchen.example",
    "https://xn--mnchen-3ya.example/ https://a.m\u00fcnchen.example/",
    "https://munchen.example/",
  ],
  [
    ", ., *., :5000, https://example.com",
    "http://localhost:5000/ http://127.0.0.5/ http://[::1]/",
    "https://example.com/",
  ],
])("NO_PROXY=%s", (list, direct, proxied) => {
  const proxyFor = createProxySelector({ ...PROXY, NO_PROXY: list });
  const urls = (text: string) => text.split(" ").filter(Boolean);
  for (const url of urls(direct)) expect([url, proxyFor(new URL(url))]).toEqual([url, undefined]);
  for (const url of urls(proxied)) expect([url, proxyFor(new URL(url))?.hostname]).toEqual([url, "proxy"]);
});

it("capitals come first, and what is empty says nothing", () => {
  const proxyFor = (env: NodeJS.ProcessEnv) => createProxySelector(env)(new URL("https://a.example/"))?.host;
  expect(proxyFor({ HTTPS_PROXY: "upper:1", https_proxy: "lower:1" })).toBe("upper:1");
  expect(proxyFor({ HTTPS_PROXY: "", https_proxy: "lower:1" })).toBe("lower:1");
  expect(proxyFor({ HTTPS_PROXY: "upper:1", NO_PROXY: "b.example", no_proxy: "a.example" })).toBe("upper:1");
  expect(proxyFor({ HTTPS_PROXY: "upper:1", NO_PROXY: "", no_proxy: "a.example" })).toBeUndefined();
  expect(proxyFor({ HTTP_PROXY: "upper:1" })).toBeUndefined();
  expect(proxyFor({ HTTP_PROXY: "upper:1", ALL_PROXY: "all:1" })).toBe("all:1");
  expect(proxyFor({ HTTPS_PROXY: "upper:1", ALL_PROXY: "all:1" })).toBe("upper:1");
});

it("a login may hold a % that nobody has escaped", () => {
  const proxy = createProxySelector({ HTTPS_PROXY: "u:100%@proxy:1" })(new URL("https://a.example/"));
  expect(proxy && proxyAuthorization(proxy)).toBe(`Basic ${Buffer.from("u:100%").toString("base64")}`);
});
