import { sameView } from './filters';

// Views that a person has named, kept in this browser under their login: a name and the address of the filters.

export interface SavedView {
  name: string;
  search: string;
}

export const VIEW_NAME_MAX = 40;
export const VIEWS_MAX = 30;

export function viewsKey(login: string): string {
  return `porchlight-queue-views:${login}`;
}

function viewFrom(value: unknown): SavedView | null {
  if (value === null || typeof value !== 'object') return null;
  const { name, search } = value as Record<string, unknown>;
  if (typeof name !== 'string' || typeof search !== 'string' || name.trim() === '') return null;
  return { name: name.trim().slice(0, VIEW_NAME_MAX), search: sameView(search) };
}

// Whatever is stored, only well-formed views come out.
export function parseViews(stored: string | null): SavedView[] {
  if (stored === null) return [];
  try {
    const parsed: unknown = JSON.parse(stored);
    if (!Array.isArray(parsed)) return [];
    return parsed
      .map(viewFrom)
      .filter((one) => one !== null)
      .slice(0, VIEWS_MAX);
  } catch {
    return [];
  }
}

// A view of the same name is replaced where it stands.
export function withView(views: readonly SavedView[], name: string, search: string): SavedView[] {
  const made = viewFrom({ name, search });
  if (made === null) return [...views];
  const place = views.findIndex((one) => one.name.toLowerCase() === made.name.toLowerCase());
  if (place >= 0) return views.map((one, index) => (index === place ? made : one));
  return views.length >= VIEWS_MAX ? [...views] : [...views, made];
}

export function withoutView(views: readonly SavedView[], name: string): SavedView[] {
  return views.filter((one) => one.name !== name);
}
