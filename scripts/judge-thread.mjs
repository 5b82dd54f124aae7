// dist/judge.cjs: judges an edit in a thread of its own. JUDGE (a chunk) is put in by scripts/pack.mjs.
import { parentPort } from "node:worker_threads";
import { keepCode, load } from "./load.cjs";

const { judgeEdit } = load(JUDGE);

parentPort.once("message", async (edit) => {
  // What is thrown here is what the whole program says, and says better.
  const judgement = await judgeEdit(edit).catch(() => undefined);
  if (judgement) keepCode("edit");
  parentPort.postMessage(judgement);
});
