import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { unintelligible } from '../../host/sections.ts';

/** One element. Text is that of its own text nodes, joined. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** The largest definition that libvirt itself accepts over its wire is 4 MiB (VIR_..._XML_MAX in the remote protocol). */
const maxLength = 4 * 1024 * 1024;
/** libvirt's own documents nest about ten deep. */
const maxDepth = 64;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  parseTagValue: false,
  // Entities are decoded here, the five of XML and numbers only: no document may define its own.
  processEntities: false,
  trimValues: true,
});

/** Parses a document that libvirt printed. Throws `remote.unintelligible` for anything that is not one complete element. */
export function parseXml(text: string, command: string): XmlElement {
  if (text.length > maxLength || /<!(DOCTYPE|ENTITY)/i.test(text)) throw unintelligible(command, text.slice(0, 300));
  let parsed: unknown;
  try {
    if (XMLValidator.validate(text) !== true) throw unintelligible(command, text);
    parsed = parser.parse(text);
  } catch {
    throw unintelligible(command, text);
  }
  const elements = toElements(parsed, 0);
  const root = elements.find((element) => element.name !== '?xml');
  if (root === undefined) throw unintelligible(command, text);
  return root;
}

/** With preserveOrder each node is an object with one key of its own, and `:@` for the attributes. */
function toElements(nodes: unknown, depth: number): readonly XmlElement[] {
  if (!Array.isArray(nodes) || depth > maxDepth) return [];
  return (nodes as readonly unknown[]).flatMap((node) => {
    if (typeof node !== 'object' || node === null) return [];
    const entries = Object.entries(node as Readonly<Record<string, unknown>>);
    const own = entries.find(([key]) => key !== ':@' && key !== '#text');
    if (own === undefined) return [];
    const attributes = entries.find(([key]) => key === ':@')?.[1];
    return [
      {
        name: own[0],
        attributes: new Map(
          Object.entries((attributes ?? {}) as Readonly<Record<string, unknown>>).map(([key, value]) => [
            key,
            decodeEntities(String(value)),
          ]),
        ),
        children: toElements(own[1], depth + 1),
        text: textOf(own[1]),
      },
    ];
  });
}

function textOf(nodes: unknown): string {
  if (!Array.isArray(nodes)) return '';
  const texts = (nodes as readonly unknown[]).flatMap((node) => {
    const text = (node as { readonly '#text'?: unknown } | null)?.['#text'];
    return typeof text === 'string' ? [text] : [];
  });
  return decodeEntities(texts.join(''));
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]+);/gi, (whole, entity: string) => {
    if (!entity.startsWith('#')) return named[entity] ?? whole;
    const code = /^#x/i.test(entity) ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1));
    return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
  });
}

/** The first element at a path of names below this one. */
export function findElement(from: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  let here = from;
  for (const name of path) here = here?.children.find((child) => child.name === name);
  return here;
}

/** All children of that name. */
export function childrenOf(from: XmlElement | undefined, name: string): readonly XmlElement[] {
  return from?.children.filter((child) => child.name === name) ?? [];
}

/** The text at a path, `''` when there is none. */
export function textAt(from: XmlElement | undefined, ...path: readonly string[]): string {
  return findElement(from, ...path)?.text ?? '';
}

/** An attribute, `''` when there is none. */
export function attributeOf(from: XmlElement | undefined, name: string): string {
  return from?.attributes.get(name) ?? '';
}
