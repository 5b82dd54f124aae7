/** Nest's microservices: where those listen that wait for requests themselves. */
import { splitAddress } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import type { CallView } from "../semantics.ts";
import { ABSENT, alternatives, literal, type Value, withDefault } from "../values.ts";

/**
 * `NestFactory.createMicroservice(AppModule, { transport: Transport.TCP, options: { host, port } })`, and gRPC's `url`.
 * Undefined where it asks a broker (`Transport.RMQ`), whose address it is given.
 */
export function microserviceAddress(view: CallView, evaluator: Evaluator): { host: Value; port: Value } | undefined {
  const transport = view.option(1, "transport");
  const options = view.option(1, "options");
  const inOptions = (key: string): Value => (options.t === "absent" ? ABSENT : evaluator.member(options, key));
  const isFollowed = view.count < 2 || view.arg(1).t === "object";
  if (!isFollowed) return undefined;
  if (transport.t === "absent" || isNamed(transport, "TCP", 0))
    return { host: inOptions("host"), port: inOptions("port") };
  if (!isNamed(transport, "GRPC", 4)) return undefined;
  return splitAddress(withDefault(inOptions("url"), literal("localhost:5000")));
}

function isNamed(v: Value, name: string, number: number): boolean {
  return alternatives(v).every(
    (one) =>
      (one.t === "ref" && one.path.endsWith(`.Transport.${name}`)) || (one.t === "literal" && one.value === number),
  );
}
