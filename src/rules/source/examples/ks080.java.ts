import { examplesOf } from "./examples.ts";

export default examplesOf("x", [], []);
