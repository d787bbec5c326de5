import type { components, paths } from './generated';

// Names for what travels on the wire. Everything comes from generated.ts; a field the viewer may not see is left out
// by the server, so such fields are marked optional here.

type Schemas = components['schemas'];
type Json200<Operation> = Operation extends { responses: { 200: { content: { 'application/json': infer Body } } } }
  ? Body
  : never;
type Answer<Path extends keyof paths, Method extends keyof paths[Path]> = Json200<paths[Path][Method]>;

export type ReportRow = Schemas['ReportRow'];
export type ReportPage = Schemas['ReportPage'];
export type ReportState = Schemas['ReportState'];
export type IncidentType = Schemas['IncidentType'];
export type ReportSource = Schemas['ReportSource'];
export type Finding = Schemas['Finding'];
export type Receipt = Schemas['Receipt'];
export type TimelineEntry = Schemas['TimelineEntry'];
export type ReportCounts = Schemas['ReportCounts'];
export type CountRow = Schemas['CountRow'];
export type FileView = Omit<Schemas['FileView'], 'name'> & { name?: string };
export type ReportDetail = Omit<Schemas['ReportDetail'], 'files' | 'document'> & {
  files: FileView[];
  document?: unknown;
};

export type TipRow = Schemas['TipRow'];
export type TipPage = Schemas['TipPage'];
export type TipDetail = Schemas['TipDetail'];
export type TipScore = Schemas['TipScore'];
export type TipLink = Schemas['TipLink'];
export type NearReport = Schemas['NearReport'];
export type FiredRule = Schemas['FiredRule'];
export type SeenSignal = Schemas['SeenSignal'];
export type Signal = Schemas['Signal'];
export type Disposition = Schemas['Disposition'];
export type CompletenessItem = Schemas['CompletenessItem'];
export type QueueCounts = Schemas['QueueCounts'];

export type NearPicture = Schemas['NearPicture'];
export type ReportedPicture = Schemas['ReportedPicture'];

export type FileGate = Schemas['FileGate'];
export type GateTable = Schemas['GateTable'];
export type GateRule = Schemas['GateRule'];
export type FlaggedFile = Schemas['FlaggedFile'];
export type GateTrial = Schemas['GateTrial'];
export type Authority = Schemas['Authority'];
export type Exposure = Schemas['Exposure'];
export type Reveal = Schemas['Reveal'];
export type Blur = Schemas['PreviewBlur'];

export type ReportRouting = Schemas['ReportRouting'];
export type RoutingDecision = Schemas['RoutingDecision'];
export type DeliveryStatus = Schemas['DeliveryStatus'];
export type PlaceReason = Schemas['PlaceReason'];
export type Agency = Answer<'/api/v1/agencies', 'get'>['items'][number];
export type DeliveryRow = Schemas['DeliveryRow'];
export type DeliveryDetail = Answer<'/api/v1/agency/deliveries/{id}', 'get'>;
export type PersonReport = Schemas['PersonReport'];
export type PersonOfInterest = Schemas['PersonOfInterest'];
export type PlatformVolume = Schemas['PlatformVolume'];
export type Throttle = Schemas['Throttle'];
export type SheetAnswer = Schemas['SheetAnswer'];
export type MeetingNotice = Schemas['MeetingNotice'];
export type MeetingSide = Schemas['MeetingSide'];
export type DeconflictionMeeting = Schemas['DeconflictionMeeting'];
export type OpenInterest = Schemas['OpenInterest'];
export type Usefulness = Schemas['Usefulness'];

export type Session = Answer<'/api/v1/session', 'get'>;
export type AuditEntry = Answer<'/api/v1/audit', 'get'>['items'][number];
export type ReportAuditEntry = Answer<'/api/v1/reports/{id}/audit', 'get'>['items'][number];
export type QueueChangesAnswer = Answer<'/api/v1/tips/changes', 'get'>;
export type MovedTip = QueueChangesAnswer['moved'][number];
export type WaitingAge = Answer<'/api/v1/tips/supervision', 'get'>['ages'][number];
export type Organisation = Answer<'/api/v1/organisations', 'get'>['items'][number];
export type Account = Answer<'/api/v1/accounts', 'get'>['items'][number];
export type Token = Answer<'/api/v1/tokens', 'get'>['items'][number];
export type Status = Answer<'/api/v1/status', 'get'>;
// Labels and mappings are free-form on the wire; the profile's loader guarantees that they are texts by language or scheme.
export type CodeLists = Record<
  string,
  { code: string; labels: Record<string, string>; maps_to?: Record<string, string> }[]
>;

// The submitted document as a tree: element name, attributes, text, children, line.
export interface DocumentNode {
  name: string;
  attributes?: Record<string, string>;
  text?: string;
  children?: DocumentNode[];
  line?: number;
}
