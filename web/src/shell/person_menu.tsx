import { Button, Menu, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useSession } from '../shared/session_context';
import { useSignOut } from '../auth/use_sign_out';
import { useLabels } from '../shared/labels';
import { BUILT_LANGUAGES, useWords } from '../words/words';

const SCHEMES: readonly MantineColorScheme[] = ['auto', 'light', 'dark'];

export function PersonMenu({ onHelp }: { onHelp: () => void }) {
  const { t, language, setLanguage } = useWords();
  const { label } = useLabels();
  const session = useSession();
  const signOut = useSignOut();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const languages = Object.keys(BUILT_LANGUAGES).filter((one) => session.languages.includes(one) || one === 'en');
  return (
    <Menu position="top-start" width={232} returnFocus>
      <Menu.Target>
        <Button variant="default" fullWidth justify="space-between" rightSection={<span aria-hidden>⋯</span>}>
          <span className="person-name">{session.login}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown aria-label={t('person.menu')}>
        <Menu.Label>{session.roles.map((role) => label('roles', role)).join(', ')}</Menu.Label>
        <Menu.Divider />
        <Menu.Label>{t('person.language')}</Menu.Label>
        {languages.map((one) => (
          <Menu.Item key={one} lang={one} aria-current={one === language} onClick={() => setLanguage(one)} rightSection={one === language ? '✓' : null}>
            {BUILT_LANGUAGES[one]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t('person.appearance')}</Menu.Label>
        {SCHEMES.map((scheme) => (
          <Menu.Item key={scheme} aria-current={scheme === colorScheme} onClick={() => setColorScheme(scheme)} rightSection={scheme === colorScheme ? '✓' : null}>
            {t(`person.scheme.${scheme}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={onHelp} rightSection={<kbd>?</kbd>}>{t('keys.help')}</Menu.Item>
        <Menu.Item onClick={() => void signOut()}>{t('person.sign_out')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
