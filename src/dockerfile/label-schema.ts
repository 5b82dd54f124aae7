/** Kinds of label values. */
import { plainPairs } from "./pairs.ts";
import type { DockerfileSubject, Hit, LabelKind } from "./rule.ts";

/** Labels of the schema whose kind is asked about and whose value is not as it must be: one hit an instruction and label. */
export function* labelProblems(
  { document, settings }: DockerfileSubject,
  applies: (kind: LabelKind) => boolean,
  valid: (value: string) => boolean,
  complaint: string,
): Generator<Hit> {
  const labels = Object.entries(settings.labelSchema).filter(([, kind]) => applies(kind));
  if (labels.length === 0) return;
  for (const instruction of document.instructions) {
    if (instruction.name !== "label") continue;
    const pairs = plainPairs(instruction, document.escape);
    for (const [label] of labels) {
      if (pairs.some(({ key, value }) => key === label && !valid(value))) {
        yield { at: instruction, message: `the label ${label} ${complaint}` };
      }
    }
  }
}

/** RFC 3986 with a scheme. */
export function isUrl(text: string): boolean {
  return /^[a-zA-Z][a-zA-Z0-9+.-]*:(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/.test(text);
}

export function isRfc3339(text: string): boolean {
  const found = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|[+-]\d\d:?\d\d)$/.exec(text);
  if (!found) return false;
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return month >= 1 && month <= 12 && day >= 1 && day <= days && hour < 24 && minute < 60 && second <= 60;
}

export function isSemanticVersion(text: string): boolean {
  const id = "(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)";
  return new RegExp(
    `^(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)(?:-${id}(?:\\.${id})*)?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$`,
  ).test(text);
}

/** addr-spec of RFC 5322, without comments and folding. */
export function isEmail(text: string): boolean {
  const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
  const label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
  return new RegExp(
    `^(?:${atom}(?:\\.${atom})*|"(?:[^"\\\\]|\\\\.)*")@(?:${label}(?:\\.${label})*|\\[[^\\[\\]\\\\]*\\])$`,
  ).test(text);
}
