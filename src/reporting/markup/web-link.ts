import { html, type Content } from './html';

/** @returns a link where the address is plainly one of the web, else only the text */
export function webLink(address: string | undefined, text: Content = address): Content {
  return address !== undefined && /^https?:\/\/\S+$/.test(address)
    ? html`<a href="${address}" rel="noreferrer">${text}</a>`
    : text;
}
