export { KnbuildError } from "./base/errors.ts";
