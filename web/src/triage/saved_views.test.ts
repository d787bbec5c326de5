// Goal: what is stored under a login can never break the page, and a name names one view.
import { describe, expect, it } from 'vitest';
import { parseViews, VIEW_NAME_MAX, VIEWS_MAX, viewsKey, withoutView, withView } from './saved_views';

describe('saved views', () => {
  it('are kept apart by login', () => {
    expect(viewsKey('one')).not.toBe(viewsKey('two'));
  });
  it('are read back as they were stored', () => {
    const views = withView(withView([], 'Night shift', 'urgent=true&claimed=nobody'), 'Gaps', 'completeness_below=50');
    expect(parseViews(JSON.stringify(views))).toEqual(views);
  });
  it('are dropped when they are none', () => {
    expect(parseViews(null)).toEqual([]);
    expect(parseViews('{')).toEqual([]);
    expect(parseViews('{"name":"x"}')).toEqual([]);
    expect(parseViews('[1,null,{"name":" ","search":""},{"name":"x"},{"name":"good","search":"level=1&x=2"}]')).toEqual(
      [{ name: 'good', search: 'level=1' }],
    );
  });
  it('replace one of the same name where it stands', () => {
    const views = withView(withView([], 'A', 'level=1'), 'B', 'level=2');
    expect(withView(views, ' a ', 'level=3')).toEqual([
      { name: 'a', search: 'level=3' },
      { name: 'B', search: 'level=2' },
    ]);
  });
  it('are forgotten by name', () => {
    expect(withoutView(withView([], 'A', 'level=1'), 'A')).toEqual([]);
  });
  it('have bounds', () => {
    let views = withView([], 'x'.repeat(100), 'level=1');
    expect(views[0]?.name).toHaveLength(VIEW_NAME_MAX);
    for (let number = 0; number < VIEWS_MAX + 5; number += 1) views = withView(views, `view ${number}`, '');
    expect(views).toHaveLength(VIEWS_MAX);
    expect(withView(views, '  ', 'level=1')).toEqual(views);
  });
});
