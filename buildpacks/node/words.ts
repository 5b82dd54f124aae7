/** A package.json script (or Procfile line) as simple commands. It is read, never run: what cannot be told apart stays text. */

export interface SimpleCommand {
  words: string[];
  /** Assignments before the command: `NODE_ENV=production node …`. */
  env: Record<string, string>;
  /** What stands before it: `&&`, `||`, `;`, `|`, `&`; empty for the first. */
  operator: string;
}

/** Splits at shell operators, takes quotes away, drops redirections. `$NAME` stays as it is. */
export function simpleCommands(line: string): SimpleCommand[] {
  const commands: SimpleCommand[] = [];
  let words: string[] = [];
  let operator = "";
  const finish = (next: string) => {
    if (words.length > 0) commands.push({ ...withoutAssignments(words), operator });
    words = [];
    operator = next;
  };
  for (const token of tokens(line)) {
    if ("operator" in token) finish(token.operator);
    else words.push(token.word);
  }
  finish("");
  return commands;
}

type Token = { word: string } | { operator: string };

function tokens(line: string): Token[] {
  const found: Token[] = [];
  let word = "";
  let inWord = false;
  let skipWord = false;
  const end = () => {
    if (inWord && !skipWord) found.push({ word });
    if (inWord) skipWord = false;
    word = "";
    inWord = false;
  };
  for (let i = 0; i < line.length; i++) {
    const char = line[i] as string;
    if (char === "'" || char === '"') {
      inWord = true;
      const close = closingQuote(line, i);
      word += char === "'" ? line.slice(i + 1, close) : line.slice(i + 1, close).replace(/\\(["\\$`])/g, "$1");
      i = close;
    } else if (char === "\\" && i + 1 < line.length) {
      inWord = true;
      word += line[++i];
    } else if (/\s/.test(char)) {
      end();
      if (char === "\n") found.push({ operator: ";" });
    } else if (char === ">" || char === "<") {
      // `2>&1`, `> file`: the file descriptor before and the target after it are no words of the command.
      if (/^\d*$/.test(word)) {
        word = "";
        inWord = false;
      } else end();
      while (">&<|".includes(line[i + 1] ?? " ")) i++;
      skipWord = true;
      if (/\d/.test(line[i + 1] ?? "")) {
        while (/\d|-/.test(line[i + 1] ?? " ")) i++;
        skipWord = false;
      }
    } else if ("&|;".includes(char)) {
      end();
      const double = line[i + 1] === char && char !== ";" ? char : "";
      i += double.length;
      found.push({ operator: char + double });
    } else if ((char === "(" || char === ")") && !word.endsWith("$")) {
      end();
    } else {
      inWord = true;
      word += char;
    }
  }
  end();
  return found;
}

function closingQuote(line: string, open: number): number {
  for (let i = open + 1; i < line.length; i++) {
    if (line[i] === "\\" && line[open] === '"') i++;
    else if (line[i] === line[open]) return i;
  }
  return line.length;
}

function withoutAssignments(words: string[]): { words: string[]; env: Record<string, string> } {
  const env: Record<string, string> = {};
  let at = 0;
  for (; at < words.length; at++) {
    const match = /^([A-Za-z_]\w*)=(.*)$/s.exec(words[at] as string);
    if (!match) break;
    env[match[1] as string] = match[2] as string;
  }
  return { words: words.slice(at), env };
}
