/**
 * Reads shell scripts: lists, pipelines, simple and compound commands, quotes, substitutions, heredocs. Own and small,
 * because a grammar in WebAssembly costs more to load than a whole lint run may take. One pass, no backtracking: linear.
 */
import { PartReader } from "./parts.ts";
import type { CompoundCommand, ShellCommand, ShellItem, ShellList, ShellWord, SimpleCommand } from "./syntax.ts";
import { isMeta, ShellSyntaxError } from "./word.ts";

const CLOSERS = new Set(["then", "else", "elif", "fi", "do", "done", "esac", "}"]);
const MAX_DEPTH = 120;

/** @returns undefined where the text is no shell script */
export function readShell(text: string): ShellList | undefined {
  try {
    return new Reader(text, 0).script();
  } catch (error) {
    if (error instanceof ShellSyntaxError) return undefined;
    throw error;
  }
}

class Reader extends PartReader {
  script(): ShellList {
    const list = this.list();
    if (this.at < this.text.length) this.fail("unexpected token");
    return list;
  }

  protected override nested(text: string, depth: number): ShellList {
    return new Reader(text, depth).script();
  }

  protected override list(): ShellList {
    if (++this.depth > MAX_DEPTH) this.fail("nested too deep");
    const start = this.at;
    const items: ShellItem[] = [];
    for (;;) {
      this.newlines();
      if (this.at >= this.text.length || this.text[this.at] === ")" || this.text.startsWith(";;", this.at)) break;
      if (CLOSERS.has(this.keyword())) break;
      const item = this.item();
      items.push(item);
      this.blanks();
      const c = this.text[this.at];
      if (c === "&" && this.text[this.at + 1] === "&") {
        item.operator = "&&";
        this.at += 2;
        this.newlines();
        this.expectCommand();
      } else if (c === "|" && this.text[this.at + 1] === "|") {
        item.operator = "||";
        this.at += 2;
        this.newlines();
        this.expectCommand();
      } else if (c === "&") {
        item.operator = "&";
        this.at++;
      } else if (c === ";" && this.text[this.at + 1] !== ";" && this.text[this.at + 1] !== "&") {
        item.operator = ";";
        this.at++;
      } else if (c === "\n") item.operator = "\n";
      else break;
    }
    this.depth--;
    return { items, span: { start, end: this.at } };
  }

  private expectCommand(): void {
    const c = this.text[this.at];
    if (c === undefined || c === ")" || c === ";" || c === "&" || c === "|" || CLOSERS.has(this.keyword())) {
      this.fail("a command is missing");
    }
  }

  private item(): ShellItem {
    let negated = false;
    while (this.keyword() === "!") {
      negated = !negated;
      this.at++;
      this.blanks();
    }
    const pipeline = [this.command()];
    for (;;) {
      this.blanks();
      if (this.text[this.at] !== "|" || this.text[this.at + 1] === "|") break;
      this.at += this.text[this.at + 1] === "&" ? 2 : 1;
      this.newlines();
      this.expectCommand();
      pipeline.push(this.command());
    }
    return { pipeline, operator: "", negated };
  }

  private command(): ShellCommand {
    const c = this.text[this.at];
    if (c === "(") return this.text[this.at + 1] === "(" ? this.arithmeticCommand() : this.group("(", ")");
    const keyword = this.keyword();
    switch (keyword) {
      case "{":
        return this.group("{", "}");
      case "if":
        return this.conditional();
      case "while":
      case "until":
        return this.loop(keyword);
      case "for":
      case "select":
        return this.iteration(keyword);
      case "case":
        return this.choice();
      case "function":
        return this.functionDefinition();
      case "[[":
        return this.test();
      default:
        if (CLOSERS.has(keyword)) this.fail(`unexpected ${keyword}`);
        return this.simple();
    }
  }

  private simple(): ShellCommand {
    const start = this.at;
    const command: SimpleCommand = {
      kind: "simple",
      assignments: [],
      words: [],
      redirects: [],
      condition: false,
      span: { start, end: start },
    };
    for (;;) {
      this.blanks();
      const c = this.text[this.at];
      if (c === undefined) break;
      if (this.redirect(command.redirects)) continue;
      if (c === "(" && command.words.length === 1 && command.assignments.length === 0) {
        const name = command.words[0]?.literal;
        if (name !== undefined && /^\([ \t]*\)/.test(this.text.slice(this.at, this.at + 40))) {
          this.at = this.text.indexOf(")", this.at) + 1;
          return this.functionBody(start);
        }
      }
      if (isMeta(c) && !this.startsProcessSubstitution()) break;
      if (command.words.length === 0 && this.assignment(command.assignments)) continue;
      command.words.push(this.word());
    }
    if (command.words.length === 0 && command.assignments.length === 0 && command.redirects.length === 0) {
      this.fail("a command is missing");
    }
    command.condition = command.words[0]?.literal === "[";
    command.span.end = this.at;
    return command;
  }

  private compound(keyword: CompoundCommand["keyword"], start: number, lists: ShellList[]): CompoundCommand {
    const command: CompoundCommand = {
      kind: "compound",
      keyword,
      lists,
      words: [],
      redirects: this.redirects(),
      span: { start, end: this.at },
    };
    this.blanks();
    const c = this.text[this.at];
    if (c !== undefined && !isMeta(c) && !CLOSERS.has(this.keyword())) this.fail("a word after a compound command");
    return command;
  }

  private group(open: "(" | "{", close: ")" | "}"): CompoundCommand {
    const start = this.at++;
    const body = this.body();
    if (this.text[this.at] !== close) this.fail(`${open} without ${close}`);
    this.at++;
    return this.compound(open, start, [body]);
  }

  private body(): ShellList {
    const list = this.list();
    if (list.items.length === 0) this.fail("an empty body");
    return list;
  }

  private take(keyword: string): void {
    this.newlines();
    if (this.keyword() !== keyword) this.fail(`${keyword} is missing`);
    this.at += keyword.length;
  }

  private conditional(): CompoundCommand {
    const start = this.at;
    this.take("if");
    const lists = [this.body()];
    this.take("then");
    lists.push(this.body());
    for (;;) {
      const keyword = this.keyword();
      if (keyword === "elif") {
        this.take("elif");
        lists.push(this.body());
        this.take("then");
        lists.push(this.body());
      } else if (keyword === "else") {
        this.take("else");
        lists.push(this.body());
      } else break;
    }
    this.take("fi");
    return this.compound("if", start, lists);
  }

  private loop(keyword: "while" | "until"): CompoundCommand {
    const start = this.at;
    this.take(keyword);
    const lists = [this.body()];
    this.take("do");
    lists.push(this.body());
    this.take("done");
    return this.compound(keyword, start, lists);
  }

  private iteration(keyword: "for" | "select"): CompoundCommand {
    const start = this.at;
    this.take(keyword);
    this.blanks();
    let variable: string | undefined;
    const words: ShellWord[] = [];
    if (this.text.startsWith("((", this.at)) this.skipArithmetic();
    else {
      variable = this.word().literal;
      this.newlines();
      if (this.keyword() === "in") {
        this.at += 2;
        for (this.blanks(); this.at < this.text.length && !isMeta(this.text[this.at] as string); this.blanks()) {
          words.push(this.word());
        }
      }
    }
    this.blanks();
    if (this.text[this.at] === ";") this.at++;
    this.newlines();
    let body: ShellList;
    if (this.keyword() === "{") {
      this.at++;
      body = this.body();
      this.take("}");
    } else {
      this.take("do");
      body = this.body();
      this.take("done");
    }
    const command = this.compound(keyword, start, [body]);
    command.words = words;
    if (variable !== undefined) command.variable = variable;
    return command;
  }

  private choice(): CompoundCommand {
    const start = this.at;
    this.take("case");
    this.blanks();
    const subject = this.word();
    this.take("in");
    const lists: ShellList[] = [];
    for (;;) {
      this.newlines();
      if (this.at >= this.text.length) this.fail("case without esac");
      if (this.keyword() === "esac") break;
      if (this.text[this.at] === "(") this.at++;
      for (;;) {
        this.blanks();
        this.word();
        this.blanks();
        if (this.text[this.at] !== "|") break;
        this.at++;
      }
      if (this.text[this.at] !== ")") this.fail("a pattern without )");
      this.at++;
      lists.push(this.list());
      this.newlines();
      const end = /^(?:;;&|;;|;&)/.exec(this.text.slice(this.at, this.at + 3))?.[0];
      if (end) this.at += end.length;
      else if (this.keyword() !== "esac") this.fail("a branch that does not end");
    }
    this.take("esac");
    const command = this.compound("case", start, lists);
    command.words = [subject];
    return command;
  }

  private functionDefinition(): CompoundCommand {
    const start = this.at;
    this.take("function");
    this.blanks();
    this.word();
    this.blanks();
    if (this.text[this.at] === "(") {
      const close = this.text.indexOf(")", this.at);
      if (close < 0) this.fail("( without )");
      this.at = close + 1;
    }
    return this.functionBody(start);
  }

  private functionBody(start: number): CompoundCommand {
    this.newlines();
    if (this.at >= this.text.length) this.fail("a function without body");
    const inner = this.command();
    const list: ShellList = { items: [{ pipeline: [inner], operator: "", negated: false }], span: inner.span };
    return this.compound("function", start, [list]);
  }

  private test(): CompoundCommand {
    const start = this.at;
    this.at += 2;
    const words: ShellWord[] = [];
    for (;;) {
      this.newlines();
      const c = this.text[this.at];
      if (c === undefined) this.fail("[[ without ]]");
      if (this.keyword() === "]]") break;
      if (isMeta(c as string)) this.at++;
      else words.push(this.word());
    }
    this.at += 2;
    const command = this.compound("[[", start, []);
    command.words = words;
    return command;
  }

  private arithmeticCommand(): CompoundCommand {
    const start = this.at;
    this.skipArithmetic();
    return this.compound("((", start, []);
  }
}
