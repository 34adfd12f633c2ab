/**
 * The columns of WooCommerce's product CSV, which its exporter calls by the words of the shop's language: English ones, and
 * those of its German, French, Spanish, Italian and Dutch translations. Pure.
 */
import { moreOptions } from '../formats/columns.ts'

const weightUnits = ['kg', 'g', 'lbs', 'oz'] as const
export const weightColumns = weightUnits.map((unit) => ({ unit, column: `weight (${unit})` }))

const known = [
  ...['id', 'type', 'sku', 'gtin, upc, ean, or isbn', 'name', 'slug', 'published', 'visibility in catalog'],
  ...['short description', 'description', 'date sale price starts', 'date sale price ends', 'tax status', 'stock'],
  ...['backorders allowed?', 'sale price', 'regular price', 'categories', 'tags', 'images', 'parent', 'brands'],
  moreOptions.woocommerce.toLowerCase(),
  ...weightColumns.map(({ column }) => column),
]

/** By what the exporter calls it in another language, the column's English name. */
const translated = new Map<string, string>([
  // German, also the formal one
  ['typ', 'type'],
  ['artikelnummer', 'sku'],
  ['gtin, upc, ean oder isbn', 'gtin, upc, ean, or isbn'],
  ['veröffentlicht', 'published'],
  ['sichtbarkeit im katalog', 'visibility in catalog'],
  ['kurzbeschreibung', 'short description'],
  ['beschreibung', 'description'],
  ['datum, an dem angebotspreis beginnt', 'date sale price starts'],
  ['datum, an dem angebotspreis endet', 'date sale price ends'],
  ['steuerstatus', 'tax status'],
  ['lager', 'stock'],
  ['bestand', 'stock'],
  ['lagerbestand', 'stock'],
  ['lieferrückstande erlaubt?', 'backorders allowed?'],
  ['lieferrückstände erlaubt?', 'backorders allowed?'],
  ['rückstände erlaubt?', 'backorders allowed?'],
  ['angebotspreis', 'sale price'],
  ['regulärer preis', 'regular price'],
  ['kategorien', 'categories'],
  ['schlagwörter', 'tags'],
  ['bilder', 'images'],
  ['übergeordnetes produkt', 'parent'],
  ['übergeordnet', 'parent'],
  ['marken', 'brands'],
  // French
  ['ugs', 'sku'],
  ['gtin, upc, ean ou isbn', 'gtin, upc, ean, or isbn'],
  ['nom', 'name'],
  ['publié', 'published'],
  ['visibilité dans le catalogue', 'visibility in catalog'],
  ['description courte', 'short description'],
  ['date de début de promo', 'date sale price starts'],
  ['date de fin de promo', 'date sale price ends'],
  ['état de la tva', 'tax status'],
  ['autoriser les commandes de produits en rupture ?', 'backorders allowed?'],
  ['tarif promo', 'sale price'],
  ['tarif régulier', 'regular price'],
  ['catégories', 'categories'],
  ['étiquettes', 'tags'],
  ['marques', 'brands'],
  // Spanish
  ['tipo', 'type'],
  ['gtin, upc, ean o isbn', 'gtin, upc, ean, or isbn'],
  ['nombre', 'name'],
  ['publicado', 'published'],
  ['visibilidad en el catálogo', 'visibility in catalog'],
  ['descripción corta', 'short description'],
  ['descripción', 'description'],
  ['día en que empieza el precio rebajado', 'date sale price starts'],
  ['día en que termina el precio rebajado', 'date sale price ends'],
  ['estado del impuesto', 'tax status'],
  ['inventario', 'stock'],
  ['¿permitir reservas de productos agotados?', 'backorders allowed?'],
  ['precio rebajado', 'sale price'],
  ['precio normal', 'regular price'],
  ['categorías', 'categories'],
  ['etiquetas', 'tags'],
  ['imágenes', 'images'],
  ['superior', 'parent'],
  ['marcas', 'brands'],
  // Italian
  ['nome', 'name'],
  ['pubblicato', 'published'],
  ['visibilità nel catalogo', 'visibility in catalog'],
  ['breve descrizione', 'short description'],
  ['descrizione', 'description'],
  ['magazzino', 'stock'],
  ['prezzo in offerta', 'sale price'],
  ['prezzo di listino', 'regular price'],
  ['categorie', 'categories'],
  ['tag', 'tags'],
  ['immagine', 'images'],
  ['immagini', 'images'],
  ['genitore', 'parent'],
  // Dutch
  ['soort', 'type'],
  ['naam', 'name'],
  ['gepubliceerd', 'published'],
  ['zichtbaarheid in catalogus', 'visibility in catalog'],
  ['korte beschrijving', 'short description'],
  ['beschrijving', 'description'],
  ['voorraad', 'stock'],
  ['actieprijs', 'sale price'],
  ['reguliere prijs', 'regular price'],
  ['categorieën', 'categories'],
  ['afbeeldingen', 'images'],
  ['hoofd', 'parent'],
])

/** Columns with a number or a unit in their name. */
const patterns: readonly (readonly [form: RegExp, english: (found: string) => string])[] = [
  [/^attribut (\d+) name$/, (n) => `attribute ${n} name`],
  [/^attribut (\d+) wert\(e\)$/, (n) => `attribute ${n} value(s)`],
  [/^nom de l[’'](?:attribut) (\d+)$/, (n) => `attribute ${n} name`],
  [/^valeur\(s\) de l[’'](?:attribut) (\d+)$/, (n) => `attribute ${n} value(s)`],
  [/^nombre del atributo (\d+)$/, (n) => `attribute ${n} name`],
  [/^valor\(es\) del atributo (\d+)$/, (n) => `attribute ${n} value(s)`],
  [/^nome dell[’']attributo (\d+)$/, (n) => `attribute ${n} name`],
  [/^valore dell[’']attributo (\d+)$/, (n) => `attribute ${n} value(s)`],
  [/^attribuut (\d+) naam$/, (n) => `attribute ${n} name`],
  [/^attribuut (\d+) waarde\(n\)$/, (n) => `attribute ${n} value(s)`],
  [/^(?:gewicht|poids|peso) \((kg|g|lbs|oz)\)$/, (unit) => `weight (${unit})`],
]

/** @param name in small letters */
export const wooColumn = (name: string): string => {
  const english = translated.get(name)
  if (english !== undefined) return english
  for (const [form, of] of patterns) {
    const found = form.exec(name)?.[1]
    if (found !== undefined) return of(found)
  }
  return name
}

/** Whether the file is read for it. A product may have any number of attributes. */
export const isWooColumn = (column: string): boolean =>
  known.includes(column) || /^attribute \d+ (?:name|value\(s\))$/.test(column)
