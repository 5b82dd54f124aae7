import type { Language } from "../languages.ts";
import { goCallFacts, goModuleFacts } from "./analyze.ts";
import { excluded } from "./build-tags.ts";
import { GO, GO_CALLS, GO_WORDS } from "./catalogue.ts";
import { lowerGo } from "./lower.ts";
import { goSemantics } from "./semantics.ts";

export const go: Language = {
  lower: (text) => (excluded(text) ? undefined : lowerGo(text)),
  semantics: goSemantics,
  words: GO_WORDS,
  catalogue: GO,
  isCall: (name) => GO_CALLS.has(name),
  callFacts: goCallFacts,
  moduleFacts: goModuleFacts,
  portFix: () => undefined,
};
