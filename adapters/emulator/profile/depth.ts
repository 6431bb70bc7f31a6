import { Lexer } from 'yaml';

/**
 * Brackets in brackets: the parser of YAML calls itself for each, and would run out of stack, which may end the whole process.
 * @param text that nobody has parsed yet
 * @param levels as many as there may be
 */
export function opensDeeper(text: string, levels: number): boolean {
  let depth = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') depth += 1;
    if (token === ']' || token === '}') depth -= 1;
    if (depth > levels) return true;
  }
  return false;
}
