import type { MeetingSide } from '../api/types';
import { Contact } from './contact';

// One of the two agencies, and whom to call there.
export function Side({ side }: { side: MeetingSide }) {
  return (
    <>
      <strong>{side.agency_name}</strong>
      {side.reference === '' ? null : <span className="quiet"> {side.reference}</span>}
      <br />
      <Contact name={side.contact_name} phone={side.contact_phone} />
    </>
  );
}
