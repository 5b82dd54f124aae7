import type { Language } from "../languages.ts";
import { isPythonCall, PYTHON_WORDS, pythonCallFacts, pythonModuleFacts } from "./analyze.ts";
import { PYTHON } from "./catalogue.ts";
import { lowerPython } from "./lower.ts";
import { pythonSemantics } from "./semantics.ts";

export const python: Language = {
  lower: lowerPython,
  semantics: pythonSemantics,
  words: PYTHON_WORDS,
  catalogue: PYTHON,
  isCall: isPythonCall,
  callFacts: pythonCallFacts,
  moduleFacts: pythonModuleFacts,
  portFix: (literal) => `int(os.environ.get("PORT", ${literal}))`,
};
