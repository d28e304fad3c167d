// One interface per struct of the server; tests/test_types.py compares the field names.

export type Role = "owner" | "admin" | "member";
export type AnswerStatus = "running" | "done" | "stopped" | "failed" | "interrupted";

/** Times are integer milliseconds UTC. */
export interface User {
  id: string;
  /** To sign in with. */
  name: string;
  role: Role;
  created_at: number;
  /** How they want to be called; empty is by their name. */
  display_name: string;
}

/** How much is one's own. */
export interface Belongings {
  conversations: number;
  messages: number;
  collections: number;
  documents: number;
  bytes: number;
  facts: number;
  exchanges: number;
  personas: number;
  sessions: number;
  may_leave: boolean;
}

export interface Export {
  id: string;
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  files: number;
  of: number;
  bytes: number;
}

export interface Session {
  id: string;
  created_at: number;
  seen_at: number;
  expires_at: number;
  address: string;
  agent: string;
  current: boolean;
}

export interface Page<T> {
  items: T[];
  /** Pass as `?before=` to get the page after this one; null on the last. */
  next: string | null;
}

export interface Conversation {
  id: string;
  title: string;
  created_at: number;
  updated_at: number;
  /** Last message of the branch on screen. */
  leaf_id: string | null;
  /** Which documents answers draw on; null: none. */
  scope: Scope | null;
  persona_id: string | null;
  /** Whether it is remembered, and earlier ones are recalled in it. */
  memory: boolean;
  place: "current" | "archived" | "trash" | "temporary";
  pinned: boolean;
  folder_id: string | null;
}

/** `conversations`: how many stand in it; none that is pinned. */
export interface Folder {
  id: string;
  name: string;
  created_at: number;
  conversations: number;
}

/** How many conversations each list has. */
export interface Outline {
  pinned: number;
  /** Neither pinned nor in a folder. */
  loose: number;
  /** Of the loose ones: used since each of the times that were asked for. */
  since: number[];
  folders: Folder[];
}

/** How often what was looked for stands in a message. */
export interface Hits {
  message_id: string;
  count: number;
}

/** A message with the words that were looked for; marks are places in the excerpt. */
export interface FoundMessage {
  conversation_id: string;
  title: string;
  message_id: string;
  role: "user" | "assistant";
  created_at: number;
  excerpt: string;
  marks: [number, number][];
}

/** Both null: all of one's own documents. */
export interface Scope {
  collection_ids?: string[] | null;
  document_ids?: string[] | null;
}

export type Part =
  | { type: "text"; text: string }
  | { type: "attachment"; name: string; text: string }
  | { type: "image"; id: string; name: string; media: string; width: number; height: number }
  | { type: "reasoning"; text: string }
  | { type: "notice"; code: string; text: string }
  | { type: "sources"; items: Source[] }
  | { type: "memories"; items: Memory[] };

export interface Message {
  id: string;
  conversation_id: string;
  parent_id: string | null;
  role: "user" | "assistant";
  parts: Part[];
  created_at: number;
  /** Ids of all versions at this place in the tree, oldest first, this one included. */
  siblings: string[];
  answer: Answer | null;
}

/** The id of an answer is the id of its assistant message. */
export interface Answer {
  id: string;
  status: AnswerStatus;
  model: string;
  /** Why it failed or was interrupted. */
  error: { code: string; detail: string } | null;
  finish_reason: string | null;
  prompt_tokens: number | null;
  completion_tokens: number | null;
  first_token_ms: number | null;
  duration_ms: number | null;
  created_at: number;
  finished_at: number | null;
  /** While running: how far `parts` reach; send as `Last-Event-ID` to follow on without a gap. */
  position: number;
  /** Its name, as it was called then. */
  persona: string | null;
  /** Between its first thought and its first word; null where it did not think. */
  thought_ms: number | null;
  /** What the same request was answered with before; no model was asked. */
  from_cache: boolean;
}

/** A picture as it is kept. */
export interface ImageFile {
  id: string;
  media: string;
  bytes: number;
  width: number;
  height: number;
  created_at: number;
}

/** A message that is being written. */
export interface Draft {
  text: string;
  /** 0: there never was one. */
  at: number;
}

export interface ChatSettings {
  /** The very same request is answered with what it was answered with before. */
  reuse_answers: boolean;
}

/** First event of a stream, and the body of a 202. */
export interface Started {
  conversation_id: string;
  title: string;
  message_id: string;
  answer_id: string;
  model: string;
}

export interface Model {
  id: string;
  name: string;
  endpoint: string;
  /** Runs inside this appliance. */
  local: boolean;
  /** Something people should know, such as that the model is small. */
  note: string;
  /** Takes pictures. */
  images: boolean;
}

/** Only what is set is asked for. */
export interface Sampling {
  temperature?: number | null;
  top_p?: number | null;
  top_k?: number | null;
  min_p?: number | null;
  presence_penalty?: number | null;
  frequency_penalty?: number | null;
  repeat_penalty?: number | null;
  seed?: number | null;
  stop?: string[] | null;
  max_tokens?: number | null;
}

export interface Persona {
  id: string;
  /** "system": for everybody. */
  visibility: "private" | "system";
  /** By who is signed in. */
  editable: boolean;
  name: string;
  description: string;
  /** May have `{{user}}`, `{{date}}` and `{{model}}` in it. */
  prompt: string;
  model: string | null;
  sampling: Sampling;
  starters: string[];
  collection_ids: string[];
  created_at: number;
  updated_at: number;
  /** How somebody else is called who shares it. */
  owner: string | null;
}

/** A text to write messages from. */
export interface Prompt {
  id: string;
  name: string;
  /** May have variables in it: `{{user}}`, `{{date}}` and `{{model}}` are known, others are asked for. */
  text: string;
  created_at: number;
  updated_at: number;
}

/** What new conversations begin with. */
export interface Defaults {
  persona_id: string | null;
  /** False: it is the workspace's. */
  chosen: boolean;
  workspace_id: string | null;
}

export interface Collection {
  id: string;
  name: string;
  /** How many. */
  documents: number;
  created_at: number;
  updated_at: number;
}

export type DocumentStatus = "queued" | "extracting" | "embedding" | "ready" | "failed" | "paused";

export interface Document {
  id: string;
  collection_id: string;
  name: string;
  kind: string;
  bytes: number;
  status: DocumentStatus;
  stage_done: number;
  stage_total: number;
  error: { code: string; detail: string } | null;
  /** Something to know about a document that could be read, such as pages without text. */
  warning: string;
  pages: number | null;
  chunks: number | null;
  created_at: number;
  updated_at: number;
}

/** Offsets here count characters (code points), not the UTF-16 units of a JavaScript string. */
export interface DocumentText {
  text: string;
  /** Where each page begins; empty when there are none. */
  pages: number[];
  name: string;
}

export interface Passage {
  id: string;
  document_id: string;
  document_name: string;
  collection_id: string;
  page: number | null;
  heading: string;
  start: number;
  end: number;
  text: string;
  score: number;
  /** Of one that goes on over the end of its page. */
  page_end: number | null;
}

/** A passage the model was given, under the number it is cited by. */
export interface Source {
  number: number;
  id: string;
  document_id: string;
  document_name: string;
  page: number | null;
  heading: string;
  start: number;
  end: number;
  /** Empty once its document is deleted. */
  text: string;
  score: number;
  page_end: number | null;
}

/** Something said earlier that the model was told; `message_id` is the answer it was said with. */
export interface Memory {
  id: string;
  kind: "exchange" | "fact";
  conversation_id: string;
  message_id: string;
  /** Empty, like the text, once it is forgotten. */
  title: string;
  said_at: number;
  text: string;
  score: number;
  /** Where its parts begin and end in an exchange's question, and in its answer. */
  spans: number[];
  answered: number[];
}

/** How many exchanges are remembered, wait to be read, and are not to be used again. */
export interface MemoryState {
  enabled: boolean;
  exchanges: number;
  waiting: number;
  muted: number;
}

/** One that is remembered; its id is the answer's. */
export interface Exchange {
  id: string;
  conversation_id: string;
  title: string;
  said_at: number;
  question: string;
}

/** Whom or what facts are about; "me" is the person themselves. */
export interface Entity {
  id: string;
  kind: "me" | "person" | "organisation" | "place" | "tool" | "project" | "thing";
  name: string;
  aliases: string[];
}

/** Where a fact was said, in the person's own words. */
export interface Said {
  message_id: string;
  conversation_id: string;
  conversation_title: string;
  said_at: number;
  words: string;
}

export interface Fact {
  id: string;
  subject: Entity;
  predicate: string;
  object: Entity | null;
  value: string;
  /** The fact as a sentence. */
  text: string;
  /** One that is only suggested goes with no question. */
  status: "suggested" | "approved" | "pinned";
  confidence: number;
  origin: "rule" | "model";
  /** Pinned or put into words by its person: outlives the messages it came from. */
  own: boolean;
  valid_from: number;
  /** Not null: it was true until then, and is kept as history. */
  valid_to: number | null;
  superseded_by: string | null;
  learned_at: number;
  sources: Said[];
}

export interface Edge {
  fact_id: string;
  source: string;
  target: string;
  label: string;
}

export interface Graph {
  nodes: Entity[];
  edges: Edge[];
  /** How many entities there are beyond these, the most connected ones. */
  left_out: number;
}

/** How this appliance is reached from other devices. */
export interface Network {
  /** Whether devices in the same network may connect. */
  lan: boolean;
  https: boolean;
  /** Such as "gantry.local". */
  name: string | null;
  port: number;
  https_port: number | null;
  /** A sentence for people about what does not work. */
  problem: string | null;
  addresses: Reach[];
  name_url: string | null;
  name_https_url: string | null;
  ca: Authority | null;
}

export interface Reach {
  address: string;
  interface: string;
  url: string;
  https_url: string | null;
}

/** Whom a device has to trust for HTTPS. */
export interface Authority {
  /** SHA-256, "AA:BB:…". */
  fingerprint: string;
  not_after: number;
}

/** What came of asking one address. */
export interface Reached {
  url: string;
  reachable: boolean;
  ms: number | null;
  problem: string | null;
}

/** What everybody may know, signed in or not. */
export interface Trust {
  enabled: boolean;
  name: string | null;
  fingerprint: string | null;
  not_after: number | null;
  https_url: string | null;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  /** A sentence for people: what happened and what to do. */
  detail: string;
  code: string;
  /** Field by field, when the body was not valid. */
  errors?: { field: string; message: string }[];
}

/** What the model saw for an answer; the tokens of all segments are `prompt_tokens`. */
export interface Context {
  window: number | null;
  /** Each segment as the engine itself counted it; else estimated. */
  exact: boolean;
  prompt_tokens: number | null;
  /** Those the engine still had from the turn before. */
  cached_tokens: number | null;
  gather_ms: number;
  left_out: LeftOut;
  segments: ContextSegment[];
}

export interface LeftOut {
  messages: number;
  memories: number;
  sources: number;
  characters: number;
}

export interface ContextSegment {
  kind: string;
  tokens: number;
  /** Id of the message, memory or passage it was made from. */
  ref: string;
  /** Empty once that was deleted. */
  text: string;
  /** The document's name, or who said it. */
  label: string;
  document_id: string | null;
}

/** An account as those see it who look after the appliance. */
export interface Person {
  id: string;
  name: string;
  role: Role;
  disabled: boolean;
  created_at: number;
  signed_in_at: number | null;
  sessions: number;
}

/** Whom something can be shared with. `account` is the user name of a person, `members` how many a group has. */
export interface Reader {
  id: string;
  kind: "person" | "group";
  name: string;
  account: string;
  members: number;
}

export type SharedKind = "conversation" | "collection" | "persona";

/** Who may read something, beside its owner. */
export interface Sharing {
  id: string;
  kind: SharedKind;
  name: string;
  readers: Reader[];
}

/** What somebody else lets one read; `owner` is how they are called. */
export interface Shared {
  id: string;
  kind: SharedKind;
  name: string;
  owner: string;
  updated_at: number;
}

export interface SharedConversation {
  id: string;
  title: string;
  owner: string;
  updated_at: number;
}

export interface Group {
  id: string;
  name: string;
  members: number;
  created_at: number;
}

/** An open one; `name` is whose password it sets, null for somebody new. */
export interface Invitation {
  id: string;
  role: Role;
  note: string;
  name: string | null;
  made_by: string;
  created_at: number;
  expires_at: number;
}

/** The token is told this once. */
export interface Invited {
  invitation: Invitation;
  token: string;
}

/** What the holder of a link may do with it. */
export interface Opened {
  role: Role;
  name: string | null;
  expires_at: number;
}

/** Who did what to whom; people are named by their ids. */
export interface AuditEntry {
  seq: number;
  at: number;
  actor_id: string;
  address: string;
  action: string;
  subject_id: string;
  detail: Record<string, string | number | boolean | null>;
}

export type State = "pass" | "warn" | "fail";

/** How one part of the program is; `problem` is a word that the page explains. */
export interface Condition {
  name: string;
  status: State;
  problem: string;
}

/** In bytes and counts. */
export interface Sizes {
  database: number;
  disk_free: number;
  disk_total: number;
  memory: number;
  streams: number;
  queued: number;
  failed: number;
  index_lag: number;
  backup_at: number | null;
}

/** What was counted since the sample before, and what was held then. */
export interface Sample {
  at: number;
  requests: number;
  errors: number;
  tokens: number;
  streams: number;
  lag_ms: number;
  memory: number;
}

export interface SlowStatement {
  sql: string;
  plan: string[];
  count: number;
  longest_ms: number;
  last_at: number;
}

/** The daily look at the data; sizes in bytes. */
export interface Cared {
  at: number;
  rows: number;
  files: number;
  cached: number;
  given_back: number;
}

export interface Overview {
  version: string;
  started_at: number;
  conditions: Condition[];
  sizes: Sizes;
  samples: Sample[];
  slow: SlowStatement[];
  cared: Cared | null;
}

export interface UsageDay {
  day: string;
  answers: number;
  tokens: number;
}

export interface UsageRow {
  user_id: string;
  name: string;
  model: string;
  answers: number;
  failed: number;
  prompt_tokens: number;
  completion_tokens: number;
  duration_ms: number;
}

export interface Usage {
  days: UsageDay[];
  rows: UsageRow[];
  watts: number;
}

/** Of the log; what is empty is left out. */
export interface Line {
  ts: string;
  level: string;
  logger: string;
  event: string;
  request_id?: string;
  trace?: string[];
  user_id?: string;
  method?: string;
  route?: string;
  status?: number;
  duration_s?: number;
}

export interface AuditCheck {
  whole: boolean;
  /** The first entry that is not as it was written. */
  seq: number | null;
  problem: string | null;
}

/** In the line for an endpoint. */
export interface Place {
  ahead: number;
  /** Until it is one's turn, where that is known. */
  seconds: number | null;
}

/** Somebody who waits for an answer; nobody, for work in the background. */
export interface Waiter {
  user_id: string;
  /** Seconds. */
  waited: number;
  place: Place | null;
}

export type Health =
  | "ok"
  | "off"
  | "key_lost"
  | "model_wrong_key"
  | "model_unreachable"
  | "model_timeout"
  | "model_refused"
  | "model_busy"
  | "model_broken";

/** A model server, as those see it who look after the appliance. */
export interface Server {
  id: string;
  name: string;
  url: string;
  /** It has one; nobody is told which. */
  key: boolean;
  /** By the settings: not to be changed here. */
  fixed: boolean;
  enabled: boolean;
  images: boolean;
  /** Answers at once. */
  slots: number | null;
  health: Health;
  models: string[];
  running: number;
  waiting: Waiter[];
}

export interface ModelFile {
  name: string;
  bytes: number;
  /** It lies in the data folder, and may be deleted. */
  own: boolean;
  loaded: boolean;
  sha256: string | null;
}

/** A model file on its way into the data folder, or the last one that was. */
export interface Arrival {
  name: string;
  bytes: number;
  done: number;
  error: string | null;
  sha256: string | null;
}

export interface LocalEngine {
  state: "off" | "starting" | "ready" | "crashed" | "stopped";
  model: string;
  /** Loaded once everybody has their answer; empty when the model is unloaded then. */
  next: string | null;
  /** What could not be loaded. */
  failure: string | null;
  files: ModelFile[];
  arrival: Arrival | null;
  running: number;
  waiting: Waiter[];
}
