import { Switch } from '@mantine/core';
import { Dialog } from '../shared/dialog';
import { useShortcutRegistry } from '../shared/shortcuts';
import { useWords } from '../words/words';

function Keys({ keys }: { keys: string }) {
  return (
    <span className="keys">
      {keys.split(' ').map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}

export function HelpOverlay({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useWords();
  const { all, lettersOn, setLettersOn } = useShortcutRegistry();
  return (
    <Dialog open={open} onClose={onClose} title={t('keys.help')}>
      <dl className="key-list">
        {(open ? all() : []).map((shortcut) => (
          <div key={shortcut.id}>
            <dt>
              {shortcut.keys.map((keys) => (
                <Keys key={keys} keys={keys} />
              ))}
            </dt>
            <dd>{t(shortcut.word)}</dd>
          </div>
        ))}
      </dl>
      <Switch
        checked={lettersOn}
        onChange={(event) => setLettersOn(event.currentTarget.checked)}
        label={t('keys.letters')}
        description={t('keys.letters_about')}
      />
    </Dialog>
  );
}
