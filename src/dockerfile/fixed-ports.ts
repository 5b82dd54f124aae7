/** Ports that an image fixes: in the words of what starts, in variables by which servers are told. */
import { ADDRESS_VARIABLES, address, listens, PORT_VARIABLES } from "./listen.ts";
import type { DockerfileSubject } from "./rule.ts";
import { startCommand, variablesInForce } from "./start.ts";
import type { Instruction } from "./syntax.ts";

export interface FixedPort {
  port: number;
  /** CMD, ENTRYPOINT or ENV. */
  at: Instruction;
  /** The words that say so. */
  text: string;
}

/** PORT itself is not among them: the platform sets it. */
export function fixedPorts(subject: DockerfileSubject): FixedPort[] {
  const found: FixedPort[] = [];
  const start = startCommand(subject);
  for (const { port, text } of start?.programs.flatMap(listens) ?? []) {
    if (start && port) found.push({ port, at: start.instruction, text });
  }
  for (const { key, value, instruction } of variablesInForce(subject)) {
    const ports = PORT_VARIABLES.has(key)
      ? [Number(value)]
      : ADDRESS_VARIABLES.has(key)
        ? value.split(";").map((one) => address(one, one).port)
        : [];
    for (const port of ports) if (port) found.push({ port, at: instruction, text: `${key}=${value}` });
  }
  return found;
}
