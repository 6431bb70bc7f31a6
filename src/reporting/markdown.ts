/** @returns text of users in one line of Markdown: it can end no table and begin no markup */
export function plainMarkdown(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[|\\`*_<>[\]~]/g, '\\$&')
    .trim();
}
