import { useQuery } from '@tanstack/react-query';
import { PlainTable } from '../shared/plain_table';
import { count } from '../shared/format';
import { Chip, Loaded, Page, Panel } from '../shared/ui';
import { useWords } from '../words/words';
import { exposureQuery } from './queries';
import { minutes } from './reveal';

// How much people have had to look at. For their welfare: it says nothing about how well anybody works.
export function ExposurePage() {
  const { t, language } = useWords();
  const query = useQuery(exposureQuery);
  const number = (value: number | null) => (value === null ? t('exposure.too_few') : count(value, language));
  return (
    <Page title={t('exposure.title')} lead={t('exposure.about')}>
      <Loaded query={query}>
        {({ days, people }) => (
          <>
            {people === undefined ? null : (
              <Panel title={t('exposure.people')}>
                {people.length === 0 ? (
                  <p className="quiet">{t('exposure.nobody')}</p>
                ) : (
                  <PlainTable
                    label={t('exposure.people')}
                    head={[
                      t('exposure.person'),
                      t('exposure.files'),
                      t('exposure.reveals'),
                      t('exposure.unblurred'),
                      t('exposure.minutes'),
                      t('exposure.limit'),
                    ]}
                    keys={people.map((one) => one.account)}
                    rows={people.map(({ login, exposure }) => [
                      login,
                      t('exposure.of', { part: exposure.files, whole: exposure.files_max }),
                      exposure.reveals,
                      exposure.unblurred,
                      t('exposure.of', { part: minutes(exposure.seconds), whole: minutes(exposure.seconds_max) }),
                      exposure.reached ? (
                        <Chip tone="bad">{t('exposure.reached')}</Chip>
                      ) : exposure.near ? (
                        <Chip tone="warn">{t('exposure.near')}</Chip>
                      ) : (
                        ''
                      ),
                    ])}
                  />
                )}
              </Panel>
            )}
            <Panel title={t('exposure.days')} note={t('exposure.days_about')}>
              {days.length === 0 ? (
                <p className="quiet">{t('exposure.no_days')}</p>
              ) : (
                <PlainTable
                  label={t('exposure.days')}
                  head={[
                    t('exposure.day'),
                    t('exposure.of_people'),
                    t('exposure.files'),
                    t('exposure.reveals'),
                    t('exposure.unblurred'),
                    t('exposure.minutes'),
                    t('exposure.people_near'),
                  ]}
                  keys={days.map((one) => one.day)}
                  rows={days.map((one) => [
                    one.day,
                    one.people,
                    number(one.files),
                    number(one.reveals),
                    number(one.unblurred),
                    number(one.seconds === null ? null : minutes(one.seconds)),
                    number(one.near),
                  ])}
                />
              )}
            </Panel>
          </>
        )}
      </Loaded>
    </Page>
  );
}
