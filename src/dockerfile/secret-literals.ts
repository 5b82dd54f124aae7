/** Secrets that are written out: passwords in addresses, tokens of package registries and of headers, keys. */

/** From a fixed text on, each with a bounded length: a file of a megabyte is looked through once. */
const LITERALS: readonly { what: string; pattern: RegExp }[] = [
  { what: "the password in an address", pattern: /:\/\/[^\s/:@"'`{}]{0,200}:([^\s/@"'`]{1,300})@/g },
  { what: "a registry's token", pattern: /:_(?:authToken|auth|password)=["']?([^\s"']{1,300})/g },
  { what: "a token", pattern: /\bAuthorization: ?(?:Bearer|Basic|token) ([^\s"']{1,300})/gi },
  {
    what: "a token",
    pattern: /\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{22,255}|AKIA[A-Z0-9]{16}|sk_live_\w{16,99})/g,
  },
  { what: "a private key", pattern: /(-----BEGIN (?:[A-Z]{1,12} ){0,2}PRIVATE KEY-----)/g },
];

/** What stands for a value: `$TOKEN`, `<password>`, `{{token}}`, `%s`, `***`, `xxxx`. */
const PLACEHOLDER = /^(?:[$<{%[]|[*x.]+$)/i;

/** What kind of secret the text holds; undefined: none. */
export function literalSecret(text: string): string | undefined {
  // `://:p@` is the shortest.
  if (text.length < 6) return undefined;
  return LITERALS.find(({ pattern }) =>
    [...text.matchAll(pattern)].some(([, value]) => value !== undefined && !PLACEHOLDER.test(value)),
  )?.what;
}
