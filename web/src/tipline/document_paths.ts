import type { DocumentNode } from '../api/types';

// The submitted document as something to read: every node with its path ("/report/victim[2]/email[1]"), split into
// short values and groups. Pure.

export interface ReadNode {
  name: string;
  path: string;
  text: string;
  attributes: readonly (readonly [string, string])[];
  children: readonly ReadNode[];
  position: number; // Among siblings of the same name, from 1.
  repeated: boolean; // There are siblings of the same name.
}

export function isDocumentNode(value: unknown): value is DocumentNode {
  return value !== null && typeof value === 'object' && 'name' in value && typeof value.name === 'string';
}

export function readTree(node: DocumentNode, parentPath = '', position = 1, repeated = false): ReadNode {
  const path = `${parentPath}/${node.name}${parentPath === '' ? '' : `[${position}]`}`;
  const children = node.children ?? [];
  const totals = new Map<string, number>();
  for (const child of children) totals.set(child.name, (totals.get(child.name) ?? 0) + 1);
  const seen = new Map<string, number>();
  return {
    name: node.name,
    path,
    text: (node.text ?? '').trim(),
    attributes: Object.entries(node.attributes ?? {}).filter(
      ([name]) => !name.startsWith('xmlns') && !name.startsWith('xsi:'),
    ),
    position,
    repeated,
    children: children.map((child) => {
      const place = (seen.get(child.name) ?? 0) + 1;
      seen.set(child.name, place);
      return readTree(child, path, place, (totals.get(child.name) ?? 0) > 1);
    }),
  };
}

// "/report/victim" and "/report/victim[1]" name the same node.
export function samePath(one: string, other: string): boolean {
  const plain = (path: string) => path.replaceAll('[1]', '').replace(/\/$/, '');
  return plain(one) === plain(other);
}

// The node a finding is about, or the nearest one above it that exists.
export function findNode(root: ReadNode, path: string): ReadNode | null {
  const all: ReadNode[] = [];
  const walk = (node: ReadNode) => {
    all.push(node);
    node.children.forEach(walk);
  };
  walk(root);
  for (let wanted = path; wanted !== ''; wanted = wanted.slice(0, wanted.lastIndexOf('/'))) {
    const found = all.find((node) => samePath(node.path, wanted));
    if (found !== undefined) return found;
  }
  return null;
}

export function domIdOf(path: string): string {
  return `node-${path.replace(/[^A-Za-z0-9]+/g, '-')}`;
}

// Free text that people wrote: chats, biographies, explanations. It may be hard to read, so it opens on request.
const LONG_TEXTS: ReadonlySet<string> = new Set(['content', 'profileBio', 'companyTemplate', 'termsOfService']);
const LONG_TEXT_CHARACTERS = 280;

export function opensOnRequest(node: ReadNode): boolean {
  return node.text !== '' && (LONG_TEXTS.has(node.name) || node.text.length > LONG_TEXT_CHARACTERS);
}
