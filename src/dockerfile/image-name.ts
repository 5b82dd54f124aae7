/** The image of a FROM as its words say, variables not expanded. */
import { derived } from "./derived.ts";
import type { Instruction, Word } from "./syntax.ts";

export interface ImageName {
  /** First component where it has a dot: `gcr.io`, `registry.example.com:5000`. */
  registry: string | undefined;
  /** Without registry, tag and digest. */
  name: string;
  tag: string | undefined;
  digest: string | undefined;
}

/** `:` and `@` inside `${…}` belong to the variable. */
export function splitImageName(text: string): ImageName {
  const masked = !text.includes("${")
    ? text
    : text.replace(/\$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}?/g, (found) => "x".repeat(found.length));
  let registry: string | undefined;
  let start = 0;
  const slash = masked.indexOf("/");
  if (slash > 0) {
    const dot = masked.indexOf(".");
    if (dot > 0 && dot + 1 < slash) {
      registry = text.slice(0, slash);
      start = slash + 1;
    }
  }
  let at = masked.indexOf("@", start);
  if (at < 0) at = text.length;
  const colon = masked.slice(0, at).indexOf(":", start);
  const nameEnd = colon < 0 ? at : colon;
  return {
    registry,
    name: text.slice(start, nameEnd),
    tag: colon < 0 ? undefined : text.slice(colon + 1, at),
    digest: at < text.length ? text.slice(at + 1) : undefined,
  };
}

export interface FromView extends ImageName {
  alias: string | undefined;
  platform: string | undefined;
  /** Equal for equal FROM lines. */
  key: string;
}

/** Dozens of rules ask for it. */
export const fromView = derived((from): FromView => {
  const image = from.args[0]?.value ?? "";
  const { registry, name, tag, digest } = splitImageName(image);
  const alias = stageName(from)?.value;
  const platform = from.flags.find((flag) => flag.name === "platform")?.value;
  const key = alias === undefined && platform === undefined ? image : `${image}\0${alias ?? ""}\0${platform ?? ""}`;
  return { registry, name, tag, digest, alias, platform, key };
});

/** Without quotes around it. */
export function dropQuotes(text: string): string {
  return text.replace(/^["']+|["']+$/g, "");
}

export const ARCHIVE_SUFFIXES: readonly string[] = [
  ".tar",
  ".Z",
  ".bz2",
  ".gz",
  ".lz",
  ".lzma",
  ".tZ",
  ".tb2",
  ".tbz",
  ".tbz2",
  ".tgz",
  ".tlz",
  ".tpz",
  ".txz",
  ".xz",
];

export function isArchive(path: string): boolean {
  const plain = dropQuotes(path);
  return ARCHIVE_SUFFIXES.some((suffix) => plain.endsWith(suffix));
}

/** The word after AS. */
export function stageName(from: Instruction): Word | undefined {
  return from.args.length === 3 && from.args[1]?.value.toLowerCase() === "as" ? from.args[2] : undefined;
}
