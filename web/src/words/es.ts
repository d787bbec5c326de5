import { administration } from './es/administration';
import { deconfliction } from './es/deconfliction';
import { elements } from './es/elements';
import { evidence } from './es/evidence';
import { hashing } from './es/hashing';
import { referrals } from './es/referrals';
import { shell } from './es/shell';
import { tipline } from './es/tipline';
import { triage } from './es/triage';
import { triageReport } from './es/triage_report';
import type { Words } from './words';

export const es: Words = {
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
