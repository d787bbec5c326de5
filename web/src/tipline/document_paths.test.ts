// Goal: a finding leads to the very element it is about. Method: a small document with repeated elements.
import { describe, expect, it } from 'vitest';
import { findNode, isDocumentNode, opensOnRequest, readTree, samePath } from './document_paths';

const TREE = readTree({
  name: 'report',
  attributes: { 'xmlns:xsi': 'x', 'xsi:noNamespaceSchemaLocation': 'y', version: '1' },
  children: [
    { name: 'incidentSummary', children: [{ name: 'incidentType', text: ' Example ' }] },
    { name: 'victim', text: '' },
    {
      name: 'victim',
      children: [
        { name: 'profileBio', text: 'short' },
        { name: 'email', text: 'a@b.example', attributes: { type: 'Home' } },
      ],
    },
  ],
});

describe('readTree', () => {
  it('numbers repeated elements and hides namespace plumbing', () => {
    expect(TREE.children.map((child) => child.path)).toEqual([
      '/report/incidentSummary[1]',
      '/report/victim[1]',
      '/report/victim[2]',
    ]);
    expect(TREE.children.map((child) => child.repeated)).toEqual([false, true, true]);
    expect(TREE.attributes).toEqual([['version', '1']]);
    expect(TREE.children[0]?.children[0]?.text).toBe('Example');
  });
});

describe('findNode', () => {
  it('finds with and without the first number', () => {
    expect(findNode(TREE, '/report/victim')?.path).toBe('/report/victim[1]');
    expect(findNode(TREE, '/report/victim[2]')?.path).toBe('/report/victim[2]');
  });
  it('goes up to what exists, since findings are about what is missing', () => {
    expect(findNode(TREE, '/report/victim[2]/ipCaptureEvent')?.path).toBe('/report/victim[2]');
    expect(findNode(TREE, '/fileDetails/x')).toBeNull();
    expect(findNode(TREE, '')).toBeNull();
  });
});

describe('the small rules', () => {
  it('compare paths', () => {
    expect(samePath('/report/a[1]/b', '/report/a/b[1]')).toBe(true);
    expect(samePath('/report/a[1]', '/report/a[2]')).toBe(false);
  });
  it('keep hard texts closed', () => {
    const bio = TREE.children[2]?.children[0];
    const email = TREE.children[2]?.children[1];
    expect(bio !== undefined && opensOnRequest(bio)).toBe(true);
    expect(email !== undefined && opensOnRequest(email)).toBe(false);
  });
  it('recognise a document', () => {
    expect(isDocumentNode(null)).toBe(false);
    expect(isDocumentNode({ name: 'report' })).toBe(true);
  });
});
