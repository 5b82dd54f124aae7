import type { NodeBase } from "../../src/plan/options.ts";

/** Fixed, so that what the tests expect does not change with the date. */
export const TEST_BASES: readonly NodeBase[] = [
  { ref: "debian13-node22", major: 22, lts: true, eolDate: "2027-04-30" },
  { ref: "debian13-node24", major: 24, lts: true, eolDate: "2028-04-30" },
  { ref: "debian13-node26", major: 26, lts: true, eolDate: "2029-04-30" },
];
