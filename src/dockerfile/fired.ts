/** Triggers where they fire: BuildKit judges them once more there, at the FROM of each stage that the image needs. */
import type { DockerfileSubject } from "./rule.ts";
import { contributingStages } from "./start.ts";
import type { Instruction } from "./syntax.ts";

export interface Fired {
  trigger: Instruction;
  from: Instruction;
}

/** @param names kinds of instructions; all where none is given */
export function firedTriggers(subject: DockerfileSubject, ...names: readonly string[]): readonly Fired[] {
  const isWanted = ({ name }: Instruction): boolean => names.length === 0 || names.includes(name);
  return contributingStages(subject).flatMap(({ from, triggered }) =>
    from ? triggered.filter(isWanted).map((trigger) => ({ trigger, from })) : [],
  );
}

/** Instructions as they are written, then the triggers of these kinds. `from`: what is found in a trigger belongs there. */
export function withFired(
  subject: DockerfileSubject,
  written: readonly Instruction[],
  ...names: readonly string[]
): readonly { instruction: Instruction; from?: Instruction }[] {
  const fired = firedTriggers(subject, ...names).map(({ trigger, from }) => ({ instruction: trigger, from }));
  return [...written.map((instruction) => ({ instruction })), ...fired];
}
