import { administration } from './en/administration';
import { elements } from './en/elements';
import { shell } from './en/shell';
import { tipline } from './en/tipline';

export const en = { ...shell, ...tipline, ...elements, ...administration };
