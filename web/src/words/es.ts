import { administration } from './es/administration';
import { elements } from './es/elements';
import { shell } from './es/shell';
import { tipline } from './es/tipline';
import type { Words } from './words';

export const es: Words = { ...shell, ...tipline, ...elements, ...administration };
