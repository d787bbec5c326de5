import { administration } from './en/administration';
import { elements } from './en/elements';
import { referrals } from './en/referrals';
import { shell } from './en/shell';
import { tipline } from './en/tipline';
import { triage } from './en/triage';
import { triageReport } from './en/triage_report';

export const en = { ...shell, ...tipline, ...triage, ...triageReport, ...elements, ...administration, ...referrals };
