import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { humanise } from '../shared/format';
import { Ago } from '../shared/moment';
import { PlainTable } from '../shared/plain_table';
import { Loaded, Page } from '../shared/ui';
import { useWords } from '../words/words';
import { scorecardsQuery } from './queries';
import { sumOf, USEFUL } from './sums';

// What each platform's reports of a month were worth; a platform is shown its own.
export function ScorecardsPage() {
  const { t, find } = useWords();
  const id = useId();
  const [month, setMonth] = useState(new Date().toISOString().slice(0, 7));
  const query = useQuery(scorecardsQuery(month));
  return (
    <Page title={t('card.title')} lead={t('card.about')} wide>
      <p>
        <label htmlFor={id}>{t('card.month')}</label>{' '}
        <input
          id={id}
          type="month"
          value={month}
          onChange={(event) => {
            if (event.target.value !== '') setMonth(event.target.value);
          }}
        />
      </p>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="empty">{t('card.none')}</p>
          ) : (
            <PlainTable
              label={t('card.title')}
              head={[
                t('card.platform'),
                t('card.reports'),
                t('card.complete'),
                t('card.referred'),
                t('card.escalated'),
                t('card.viral'),
                t('card.useful'),
                t('card.help'),
                t('card.made'),
              ]}
              keys={items.map((one) => one.organisation)}
              rows={items.map((one) => [
                one.organisation_name,
                one.reports,
                `${one.completeness} %`,
                one.referred,
                `${one.escalated}, ${one.escalated_rightly}`,
                `${one.viral}, ${one.viral_labelled}`,
                `${sumOf(one.answers, ...USEFUL)} / ${sumOf(one.answers, 'feedback')}`,
                one.would_help.map((item) => find(`item.${item}`) ?? humanise(item)).join(', '),
                <Ago at={one.made_at} />,
              ])}
            />
          )
        }
      </Loaded>
    </Page>
  );
}
