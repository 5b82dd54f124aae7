/** YAML. All that read it import it from here: so the package is one piece, which is loaded with the first text that is read. */
export { isMap, isScalar, isSeq, LineCounter, parse, parseAllDocuments, parseDocument } from "yaml";
