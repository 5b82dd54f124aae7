/** Which values look like a port, a host, or an address of both. */
import { alternatives, textOf, usually, usualText, type Value } from "./values.ts";

function plainly(v: Value): string | undefined {
  return textOf(usually(v));
}

export function isPort(v: Value): boolean {
  return alternatives(v).some((x) => {
    if (x.t === "env" && /PORT$/.test(x.name)) return true;
    const n = Number(plainly(x) ?? Number.NaN);
    return Number.isInteger(n) && (n === 80 || n === 443 || (n >= 1000 && n < 65_536));
  });
}

export function isAddress(v: Value): boolean {
  return alternatives(v).some(
    (x) =>
      /^(?:(?:https?|tcp|wss?):\/\/)?(?:\[[\da-f:]*\]|0\.0\.0\.0|127\.0\.0\.1|localhost|[+*])?:\d{2,5}(?:\/[\w/]*)?$/i.test(
        usualText(x),
      ) ||
      (x.t === "text" &&
        /^(?:\S*:)?$/.test(textOf(x.parts[0]) ?? "-") &&
        x.parts.some((p) => p.t === "env" && /PORT$/.test(p.name))),
  );
}

/** `Server::bind(format!("{}:{}", host, 0))`: whatever its port, that is where it listens. */
export function isBound(v: Value): boolean {
  return alternatives(v).some((x) => /^(?:0\.0\.0\.0|127\.0\.0\.1|localhost|\[::1?\]):/.test(usualText(x)));
}

/** `new WebserverSettings("app-server", 8080)`. */
export function isHostName(v: Value): boolean {
  return alternatives(v).some((x) => /^[a-z][a-z\d-]*(\.[a-z\d-]+)*$/i.test(plainly(x) ?? ""));
}

export function isHost(v: Value): boolean {
  return /^(0\.0\.0\.0|127\.0\.0\.1|localhost|::1?|\*)$/.test(plainly(v) ?? "");
}
