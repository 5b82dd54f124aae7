/**
 * YAML, loaded only where a file of it is read. By a static import of this file: of a package that is CommonJS a bundle gives
 * a dynamic import nothing but `default`.
 */
import { parse } from "yaml";

export function readYaml(text: string): unknown {
  return parse(text);
}
