// What a report is read for unless the reader says otherwise; the server's own default.
export const USUAL_PURPOSE = 'triage';
