const TOKEN = /'(?:\\.|[^\\'\n])'|"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;

/** Code of the C family with its comments as spaces, so that offsets stay. `//` in a string is an address. */
export function blankComments(text: string): string {
  return text.replace(TOKEN, (m) => (m.startsWith("/") ? m.replace(/[^\n]/g, " ") : m));
}

const PHP_TOKEN = /'(?:\\[\s\S]|[^\\'])*'|"(?:\\[\s\S]|[^"\\])*"|(?:\/\/|#(?!\[))[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;

/** The same of PHP, whose texts stand in either quotes. */
export function blankPhpComments(text: string): string {
  return text.replace(PHP_TOKEN, (m) => (/^[/#]/.test(m) ? m.replace(/[^\n]/g, " ") : m));
}

const JAVASCRIPT_TOKEN =
  /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;

/** The same of JavaScript, whose texts may stand in backticks too. */
export function blankJavaScriptComments(text: string): string {
  return text.replace(JAVASCRIPT_TOKEN, (m) => (m.startsWith("/") ? m.replace(/[^\n]/g, " ") : m));
}

/** Without comments, without texts of several lines (help, examples), without the tests that Rust keeps in the file. */
export function ownCode(text: string, language: string): string {
  const blank = (m: string): string => m.replace(/[^\n]/g, " ");
  // Text by text: a backtick may stand in quotes, `//` in what stands in backticks.
  if (language === "go")
    return text.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, (m) =>
      m.startsWith("/") || (m.startsWith("`") && m.includes("\n")) ? blank(m) : m,
    );
  const code = blankComments(text);
  if (language !== "rust") return code.replace(/"""[\s\S]*?"""/g, blank);
  const tests = code.search(/^[ \t]*#\[cfg\((?:any\()?test\b[^\n]*\n\s*(?:pub\s+)?mod\s+\w+\s*\{/m);
  return (tests < 0 ? code : code.slice(0, tests)).replace(/\br(#+)"[\s\S]*?"\1/g, blank);
}

const PYTHON_TOKEN =
  /(?:(^[ \t]*)|)[rRbBuUfF]{0,2}("""|''')(?:\\[\s\S]|(?!\2)[^\\])*\2|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n]*/gm;
/** What takes the parser a tenth of a second and more: its time grows with the square of them. */
const MANY_COMMENTS = /(?:^[ \t]*#[^\n]*\n\s*){200}/m;

/** Python as its parser is given it: where very many lines of comments follow each other, without any. */
export function parseablePython(text: string): string {
  if (!MANY_COMMENTS.test(text)) return text;
  return text.replace(PYTHON_TOKEN, (m) => (m.startsWith("#") ? m.replace(/[^\n]/g, " ") : m));
}

const RUBY_TOKEN = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|(?:^|(?<=\s))#(?!\{)[^\n]*|^=begin\b[\s\S]*?^=end\b/gm;

/** Code of a script without what it tells its readers: comments, and texts that stand alone as Python's descriptions do. */
export function scriptCode(text: string, language: string): string {
  const blank = (m: string): string => m.replace(/[^\n]/g, " ");
  switch (language) {
    case "python":
      return text.replace(PYTHON_TOKEN, (m: string, alone: string | undefined, quotes: string | undefined) =>
        m.startsWith("#") || (quotes !== undefined && alone !== undefined) ? blank(m) : m,
      );
    case "ruby":
      return text.replace(RUBY_TOKEN, (m) => (/^[#=]/.test(m) ? blank(m) : m));
    case "php":
      return blankPhpComments(text);
    default:
      return blankJavaScriptComments(text);
  }
}
