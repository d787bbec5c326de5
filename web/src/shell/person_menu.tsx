import { Button, Group, NativeSelect, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useState } from 'react';
import { useSignOut } from '../auth/use_sign_out';
import { Dialog } from '../shared/dialog';
import { useLabels } from '../shared/labels';
import { useSession } from '../shared/session_context';
import { BUILT_LANGUAGES, useWords } from '../words/words';

const SCHEMES: readonly MantineColorScheme[] = ['auto', 'light', 'dark'];

// Who is signed in, how the console looks and speaks to them, and the way out.
export function PersonMenu({ onHelp }: { onHelp: () => void }) {
  const { t, language, setLanguage } = useWords();
  const { label } = useLabels();
  const session = useSession();
  const signOut = useSignOut();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [open, setOpen] = useState(false);
  const languages = Object.keys(BUILT_LANGUAGES).filter((one) => session.languages.includes(one) || one === 'en');
  const help = () => {
    setOpen(false);
    onHelp();
  };
  return (
    <>
      <Button
        variant="default"
        fullWidth
        justify="space-between"
        aria-haspopup="dialog"
        rightSection={<span aria-hidden>⋯</span>}
        onClick={() => setOpen(true)}
      >
        <span className="person-name">{session.login}</span>
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={session.login}>
        <div className="stack">
          <p className="quiet">{session.roles.map((role) => label('roles', role)).join(', ')}</p>
          <NativeSelect
            label={t('person.language')}
            value={language}
            data={languages.map((one) => ({ value: one, label: BUILT_LANGUAGES[one] ?? one }))}
            onChange={(event) => setLanguage(event.currentTarget.value)}
          />
          <NativeSelect
            label={t('person.appearance')}
            value={colorScheme}
            data={SCHEMES.map((scheme) => ({ value: scheme, label: t(`person.scheme.${scheme}`) }))}
            onChange={(event) => setColorScheme(event.currentTarget.value as MantineColorScheme)}
          />
          <Group>
            <Button onClick={() => void signOut()}>{t('person.sign_out')}</Button>
            <Button variant="default" onClick={help}>
              {t('keys.help')}
            </Button>
          </Group>
        </div>
      </Dialog>
    </>
  );
}
