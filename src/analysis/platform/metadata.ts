/** Addresses of the metadata server. */
import { alternatives, textOf, type Value } from "../values.ts";

const METADATA = /^(?:https?:\/\/)?(metadata(\.google\.internal)?|169\.254\.169\.254)(:80)?(\/|$)/;

/** The address as far as it is known, when it is one of the metadata server's and needs the header. */
export function headless(value: Value): string | undefined {
  for (const v of alternatives(value)) {
    const text =
      textOf(v) ??
      (v.t === "text"
        ? v.parts.map((p) => textOf(p) ?? "…").join("")
        : v.t === "ref" && v.call
          ? // `new URL("http://…")`, `URI.create("…")`
            v.call.call.args
              .slice(0, 2)
              .map((a) => (a.value.kind === "literal" ? String(a.value.value) : ""))
              .find((t) => METADATA.test(t))
          : undefined);
    // AWS and Azure answer at the same address, at other paths.
    if (text !== undefined && METADATA.test(text) && !/\/latest\/|\/metadata\/instance|\/opc\//.test(text))
      return text.slice(0, 100);
  }
  return undefined;
}
