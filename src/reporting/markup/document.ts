/** A page of its own: one file that fetches nothing and in which nothing runs but a script of the kit. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGE_COLOURS } from './colours';
import { html, trusted, type Html } from './html';

export interface PageOptions {
  readonly title: string;
  /** Style sheet beside what all pages share. */
  readonly css: string;
  /** Of the kit. Names of drivers and scenarios come from users: no other script may run. */
  readonly script?: string;
}

/** @returns the page as text; the same input gives the same bytes */
export function page({ title, css, script }: PageOptions, body: Html): string {
  const style = PAGE_COLOURS + readFileSync(join(__dirname, 'base.css'), 'utf8') + css;
  const policy = `default-src 'none'; style-src 'unsafe-inline'${script === undefined ? '' : `; script-src 'sha256-${sha256(script)}'`}`;
  const markup = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="${policy}" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>${title}</title>
      ${trusted(`<style>${style}</style>`)}
    </head>
    <body>
      ${body} ${script !== undefined && trusted(`<script>${script}</script>`)}
    </body>
  </html>`.markup;
  return `<!doctype html>\n${markup}\n`;
}

function sha256(script: string): string {
  return createHash('sha256').update(script).digest('base64');
}
