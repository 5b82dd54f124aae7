import type { Language } from "../languages.ts";
import { javaCallFacts, javaModuleFacts } from "./analyze.ts";
import { JAVA, JAVA_CALLS, JAVA_WORDS } from "./catalogue.ts";
import { lowerJava } from "./lower.ts";
import { javaSemantics } from "./semantics.ts";

export const java: Language = {
  lower: lowerJava,
  semantics: javaSemantics,
  words: JAVA_WORDS,
  catalogue: JAVA,
  isCall: (name) => JAVA_CALLS.has(name),
  callFacts: javaCallFacts,
  moduleFacts: javaModuleFacts,
  portFix: (literal) => `Integer.parseInt(System.getenv().getOrDefault("PORT", "${literal}"))`,
};
