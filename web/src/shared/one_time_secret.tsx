import { Button, CopyButton, Group } from '@mantine/core';
import { useWords } from '../words/words';
import { Panel } from './ui';

// Something that is shown once and kept nowhere.
export function OneTimeSecret({
  title,
  about,
  secret,
  onDone,
}: {
  title: string;
  about: string;
  secret: string;
  onDone: () => void;
}) {
  const { t } = useWords();
  return (
    <Panel title={title}>
      <p role="status">{about}</p>
      <code className="secret" data-secret>
        {secret}
      </code>
      <Group mt="md">
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? t('action.copied') : t('action.copy')}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onDone}>{t('secret.done')}</Button>
      </Group>
    </Panel>
  );
}
