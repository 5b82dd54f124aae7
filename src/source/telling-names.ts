/** What names of functions say of what a call of them does. */

/** Takes functions and calls none of them, while a library is made. */
export const CALLS_NOTHING =
  /^(?:_{1,2}(?:import|export|interop|createBinding|setModuleDefault|toESM|toCommonJS|reExport|name)\w*|defineProperty|defineProperties|assign|freeze|seal|inherits|setPrototypeOf|promisify|callbackify|deprecate)$/;
const STARTS = /listen|start|serve|^(?:run|main|init|launch|lift|bootstrap|boot)$/i;
/** Of texts and of events. */
const STARTS_NOTHING = /^(?:startsWith|trimStart|padStart)$|Listeners?$|^listenerCount$/;
export const mayStart = (name: string) => STARTS.test(name) && !STARTS_NOTHING.test(name);
/** A compiler's name for what its decorators are called by, and for its own helpers. */
export const DECORATES = /^_*decorate\w*$/;
export const HELPER = /^__\w/;
/** Of Node's own: another program, another thread, a text that is run. */
export const OTHER_PROGRAM = /^(?:node:)?(?:child_process|cluster|worker_threads|vm)$/;
export const GOES_THROUGH = /^(?:forEach|map|flatMap|reduce|some|every|find)$/;
export const RUNS_TEXT = /^(?:eval|Function)$/;
/** Methods that the language itself calls: `await`, a text with a value in it, `JSON.stringify`, and for `for … of` one whose name is computed. */
export const CALLED_UNASKED = ["then", "toString", "valueOf", "toJSON", "*"];
