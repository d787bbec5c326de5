import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { useCallback, useState } from 'react';
import { Link } from 'react-router';
import { Dialog } from '../shared/dialog';
import { useSession } from '../shared/session_context';
import type { ChangeFilters } from '../shared/use_filters';
import { useWords, type WordKey } from '../words/words';
import { searchFrom, SORTS, withSort, type QueueFilters } from './filters';
import { parseViews, VIEW_NAME_MAX, viewsKey, withoutView, withView, type SavedView } from './saved_views';

const BUILT_IN: readonly { word: WordKey; filters: QueueFilters }[] = [
  { word: 'views.all', filters: {} },
  { word: 'views.urgent', filters: { urgent: true } },
  { word: 'views.mine', filters: { claimed: 'mine' } },
  { word: 'views.unclaimed', filters: { claimed: 'nobody' } },
];

function useSavedViews(): [readonly SavedView[], (views: SavedView[]) => void] {
  const key = viewsKey(useSession().login);
  const [views, setViews] = useState<readonly SavedView[]>(() => parseViews(localStorage.getItem(key)));
  const store = useCallback(
    (next: SavedView[]) => {
      localStorage.setItem(key, JSON.stringify(next));
      setViews(next);
    },
    [key],
  );
  return [views, store];
}

function SaveDialog({ open, onClose, onSave }: { open: boolean; onClose: () => void; onSave: (name: string) => void }) {
  const { t } = useWords();
  const [name, setName] = useState('');
  return (
    <Dialog open={open} onClose={onClose} title={t('views.save_title')}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() === '') return;
          onSave(name);
          setName('');
          onClose();
        }}
      >
        <TextInput
          data-autofocus
          label={t('views.name')}
          description={t('views.name_about')}
          value={name}
          maxLength={VIEW_NAME_MAX}
          required
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group>
          <Button type="submit">{t('views.save_now')}</Button>
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}

// Views everybody has, views a person has named, and naming the one on the screen.
export function ViewsBar({ filters, onChange }: { filters: QueueFilters; onChange: ChangeFilters<QueueFilters> }) {
  const { t } = useWords();
  const [views, store] = useSavedViews();
  const [saving, setSaving] = useState(false);
  const here = searchFrom(filters).toString();
  const builtIn = BUILT_IN.map(({ word, filters: its }) => ({ name: t(word), search: searchFrom(its).toString() }));
  const saved = views.find((one) => one.search === here);
  const known = saved !== undefined || builtIn.some((one) => one.search === here);
  return (
    <div className="views">
      <nav aria-label={t('views.title')}>
        <ul>
          {[...builtIn, ...views].map((one, index) => (
            <li key={`${index} ${one.name}`}>
              <Link to={`/queue${one.search === '' ? '' : `?${one.search}`}`} aria-current={one.search === here}>
                {one.name}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {known ? null : (
        <Button size="xs" variant="subtle" onClick={() => setSaving(true)}>
          {t('views.save')}
        </Button>
      )}
      {saved === undefined ? null : (
        <Button size="xs" variant="subtle" onClick={() => store(withoutView(views, saved.name))}>
          {t('views.remove', { name: saved.name })}
        </Button>
      )}
      <SaveDialog
        open={saving}
        onClose={() => setSaving(false)}
        onSave={(name) => store(withView(views, name, here))}
      />
      <div className="queue-order">
        <label htmlFor="queue-order">{t('queue_filter.sort')}</label>
        <NativeSelect
          id="queue-order"
          size="xs"
          value={filters.sort ?? 'priority'}
          data={SORTS.map((sort) => ({ value: sort, label: t(`sort.${sort}`) }))}
          onChange={(event) => {
            const sort = event.currentTarget.value;
            onChange((now) => withSort(now, sort));
          }}
        />
      </div>
    </div>
  );
}
