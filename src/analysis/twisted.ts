/** Twisted's way to say an address: `tcp:8000:interface=0.0.0.0`, `ssl:port=443:privateKey=key.pem`. */
export interface Endpoint {
  tls: boolean;
  /** As it is written: digits, or a variable of a shell. */
  port: string | undefined;
  host: string | undefined;
}

export function endpointOf(text: string): Endpoint | undefined {
  const m = /^(tcp6?|ssl|tls)(?::(?:port=)?(\d+|\$\{?\w+\}?))?((?::.*)?)$/.exec(text);
  if (!m) return undefined;
  const rest = m[3] ?? "";
  // The colons of an address are escaped.
  const host = /:interface=((?:\\:|[\w.:$])+)/.exec(rest)?.[1]?.replaceAll("\\", "");
  const port = m[2] ?? /:port=(\d+|\$\{?\w+\}?)/.exec(rest)?.[1];
  return { tls: !(m[1] as string).startsWith("tcp"), port, host };
}
