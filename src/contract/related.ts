/** Clauses that say the same of another moment: what covers one covers the other. */
export const RELATED: Readonly<Record<string, readonly string[]>> = {
  S8: ["S10"],
  S10: ["S8"],
  S12: ["S1", "S15"],
  S17: ["S2"],
  S21: ["S3"],
  S22: ["S2"],
  S24: ["S19"],
  S32: ["S31"],
  S33: ["S31"],
  S34: ["S30"],
};
