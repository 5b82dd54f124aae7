/** Ports and limits of the platform: knative/specs runtime-contract, knative/serving pkg/networking and pkg/queue. */

/** The port a container listens on unless PORT says otherwise (S11, S12). */
export const DEFAULT_PORT = 8080;

/** Ports that the queue proxy, its probes and its metrics use; a container must not (U2). */
export const RESERVED_PORTS: Readonly<Record<number, string>> = {
  8008: "queue proxy profiling",
  8012: "queue proxy, HTTP/1.1",
  8013: "queue proxy, h2c",
  8022: "queue proxy administration",
  8112: "queue proxy, HTTPS",
  9090: "queue proxy metrics",
  9091: "user metrics scraped by the queue proxy",
};
