import { administration } from './en/administration';
import { deconfliction } from './en/deconfliction';
import { elements } from './en/elements';
import { evidence } from './en/evidence';
import { hashing } from './en/hashing';
import { referrals } from './en/referrals';
import { shell } from './en/shell';
import { tipline } from './en/tipline';
import { triage } from './en/triage';
import { triageReport } from './en/triage_report';

export const en = {
  ...shell,
  ...tipline,
  ...triage,
  ...triageReport,
  ...elements,
  ...administration,
  ...evidence,
  ...hashing,
  ...deconfliction,
  ...referrals,
};
