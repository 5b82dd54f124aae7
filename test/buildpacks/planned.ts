/** What a directory skeleton is planned as: its start, or the error that says why there is none. */
import { isKnbuildError } from "../../src/base/errors.ts";
import { plan } from "../../src/pipeline/plan.ts";
import { openSource } from "../../src/source/open.ts";
import { TEST_BASES } from "./node-bases.ts";
import { withSkeleton } from "./skeleton.ts";

export type Files = Record<string, string | object>;

export const planned = (files: Files) =>
  withSkeleton(files, (root) => {
    try {
      return plan({ source: openSource(root), nodeBases: TEST_BASES }).entrypoint;
    } catch (error) {
      if (!isKnbuildError(error)) throw error;
      return { code: error.code, message: error.message, detail: error.detail, hint: error.hint };
    }
  });
