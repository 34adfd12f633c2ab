/** The frame of an HTML mail: tables and inline styles, since mail programs know little else. */

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '')

/** @param content HTML whose parts have been escaped */
export const page = (shop: string, title: string, content: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title></head>` +
  '<body style="margin:0;background:#f4f1ec;font-family:-apple-system,Segoe UI,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5;color:#222">' +
  '<table role="presentation" width="100%"><tr><td align="center" style="padding:24px 12px">' +
  '<table role="presentation" width="100%" style="max-width:560px;background:#fff;border-radius:8px"><tr><td style="padding:28px 32px">' +
  `<p style="margin:0 0 8px;color:#2f6b5e;font-weight:bold">${escapeHtml(shop)}</p><h1 style="font-size:22px;margin:0 0 16px">${escapeHtml(title)}</h1>${content}` +
  '</td></tr></table></td></tr></table></body></html>'
