/** TOML. All that read it import it from here: so the package is one piece, which is loaded with the first text that is read. */
export { parse, TomlError } from "smol-toml";
