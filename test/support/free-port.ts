export { freePort } from "../../src/sandbox/wait-for-answer.ts";
