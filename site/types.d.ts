// The shapes that several scripts share. They are for the type checker alone and are not published.

/** What fills the gaps of a message. */
type MessageValues = { [name: string]: string | number };

/** A place in degrees. */
interface Position {
  latitude: number;
  longitude: number;
}

/** A place that may be known only roughly, such as the middle of an area. */
interface Point extends Position {
  about: boolean;
}

/** How far something is; `km` is null where it is not known. */
interface Distance {
  km: number | null;
  about: boolean;
}

/** The columns of search/documents.json, one value a row: `Columns` in outputs/search/browser_index.py. */
interface SearchDocuments {
  stamp: string;
  terms: SearchTerms;
  slugs: string[];
  titles: string[];
  summaries: string[];
  kinds: number[][];
  needs: number[][];
  places: number[][];
  served: number[][];
  codes: string[];
  venues: string[];
  providers: string[];
  slots: string[];
  ways: string[];
  free: string;
  alone: string;
  lift: string;
  buddy: string;
  access: string[];
  ages: string[];
  languages: number[][];
  promises: number[][];
  levels: string;
  points: number[][];
  when: string[];
  since: number;
  coming: (number | null)[][];
  tags: number[][];
  langs: [row: number, language: string][];
}

/** The closed lists in search/documents.json; a term's number is its position. */
interface SearchTerms {
  kinds: KindTerm[];
  needs: NeedTerm[];
  areas: AreaTerm[];
  codes: [code: string, latitude: number, longitude: number][];
  tags: [words: string, look: string][];
  access: [slug: string, label: string][];
  languages: string[];
  promises: string[];
}

type KindTerm = [slug: string, label: string, aliases: string[]];
type NeedTerm = [slug: string, label: string, aliases: string[], kinds: number[]];
/** `within` is the number of the area around it, or -1. */
type AreaTerm = [
  name: string,
  within: number,
  codes: string[],
  latitude: number | null,
  longitude: number | null,
];

/** search/index.json: per term, and in it per field, the gaps between rows. */
interface PackedIndex {
  stamp: string;
  terms: string;
  rows: string[];
}

/** All that a page needs to answer questions. */
interface SearchLibrary {
  count: number;
  documents: SearchDocuments;
  text: import("minisearch").default;
  lexicon: Lexicon;
  /** The rows of each term, by key: "kind/3", "code/ZZ3", "day/1", "free". */
  rows: Map<string, number[]>;
  middles: Map<string, Point | null>;
}

type Lead = [key: string, weight: number];

/** Words of a closed list: those `needed`, the terms that they lead to, and how a reader is told. */
interface Phrase {
  needed: string[];
  leads: Lead[];
  labels: string[];
  /** Whether a single word of it leads there too, but less. */
  loose: boolean;
}

/** All phrases, and the positions of those that have a word. */
interface Lexicon {
  phrases: Phrase[];
  having: Map<string, number[]>;
}

/** What somebody asks; a field that is absent or empty asks nothing. */
interface SearchQuestion {
  q?: string;
  place?: string;
  near?: string;
  kind?: string;
  need?: string;
  free?: string;
  alone?: string;
  lift?: string;
  buddy?: string;
  language?: string;
  order?: string;
  within_km?: string | number;
  age?: string | number | null;
  days?: string[];
  times?: string[];
  ways?: string[];
  access?: string[];
  promises?: string[];
}

/** A place as understood: with a label, or where a `device` is. An unknown one filters nothing. */
interface SearchPlace {
  label: string;
  areas: number[];
  code: string;
  point: (Position & { about?: boolean }) | null;
  device: boolean;
  known: boolean;
}

/** A place with how far counts as near (0: only inside it). */
interface PlaceFilter extends SearchPlace {
  isAsked: boolean;
  within_km: number;
}

type GroupName = "all" | "near" | "serves" | "comes" | "remote" | "further";

/** How a row fits a question: its group, and the facts to ask about before one goes. */
interface Fit extends Distance {
  group: GroupName;
  ask: readonly string[];
  inside?: boolean;
}

/** Functions of a row; `tooOld` says that it would fit, but was not checked for a year. */
interface Fitting {
  fit: (row: number) => Fit | null;
  tooOld: (row: number) => boolean;
}

/** A row that the words of a question find; `full` where all of them match. */
interface WordHit {
  row: number;
  full: boolean;
  score: number;
}

/** A row with how many words surely match; a guessed word counts half. */
interface SureHit extends WordHit {
  sure: number;
}

/** A hit that fits; its next session `starts` in minutes since 1970, or at Infinity. */
interface SearchHit extends WordHit {
  fit: Fit;
  starts: number;
}

/** What the hits of a group are sorted by. */
interface SortKey {
  mustAsk: number;
  relevance: number;
  distance: number;
  begins: number;
}

/** How many hits fit for certain, may fit, and fit some of the words. */
interface FitCounts {
  matching: number;
  may: number;
  some: number;
}

interface GroupCounts extends FitCounts {
  group: GroupName;
}

interface SearchResult extends FitCounts {
  hits: SearchHit[];
  groups: GroupCounts[];
  tooOld: number;
  also: string[];
  leftOut: string[];
  place: PlaceFilter;
  order: string;
}

/** The words of a question as stems: `all`, and the `stems` that carry meaning. */
interface SoughtWords {
  all: string[];
  stems: string[];
  asTyped: (stem: string) => string;
}

/** Per row, the bits of the words that match it, of those that match exactly, and its score. */
interface Tally {
  words: Int32Array;
  exact: Int32Array;
  score: Float64Array;
  known: number;
}

/** A tally with the bits of words `named` in a closed list, and the labels `also` looked for. */
interface FullTally extends Tally {
  named: number;
  also: string[];
}

/** A word that is looked up, or two neighbours as one: its positions and the bits of its words. */
interface WordSource {
  text: string;
  places: number;
  bits: number;
}

/** A word of a phrase that a typed one stands for, and its weight: 1 as typed. */
interface WordUse {
  word: string;
  weight: number;
  source: WordSource;
}

interface PhraseMatch {
  bits: number;
  exact: number;
  whole: boolean;
  share: number;
}

interface PhraseHit {
  phrase: Phrase;
  match: PhraseMatch;
}

interface TermLead {
  bits: number;
  exact: number;
  weight: number;
}

interface ScoredLead extends TermLead {
  rows: number[];
  score: number;
}

/** A document as a card shows it. */
interface SearchCard {
  slug: string;
  title: string;
  summary: string;
  lang: string;
  when: string;
  where: string;
  tags: [words: string, look: string][];
}

/** Another question that finds something, and how to offer it. */
interface Suggestion {
  count: number;
  question: SearchQuestion;
  words: string;
}

interface SuggestionLink extends Suggestion {
  href: string;
  follow: (event: Event, question: SearchQuestion, href: string) => void;
}

/** What may be reported where there is nothing, in names of the closed lists only. */
interface SearchGap {
  fields: { place: string; kind: string; need: string };
  words: string[];
}

/** Words that cannot wait: found `words` anywhere in what is typed, or `alone`. */
interface HelpNowTriggers {
  words: string[];
  alone: string[];
}

/** MiniSearch, as the build copies it beside the scripts. */
declare module "*/minisearch.js" {
  export { default } from "minisearch";
}

/** A session that lies ahead: when it starts (ISO 8601), and that in the words of the page. */
interface NextSession {
  at: string;
  text: string;
}

/** The facts of an activity on a list, in lines as its page prints them; unknown ones are empty. */
interface ListEntry {
  slug: string;
  path: string;
  title: string;
  language: string;
  notice: string;
  next: NextSession | null;
  when: string[];
  where: string[];
  cost: string[];
  access: string[];
  ask: string[];
  phone: string;
  tel: string;
  calendar: string;
}

type EntryAction = "up" | "down" | "off";

/** A note on the whole list, with a button where an `action` can help. */
interface ListNote {
  text: string;
  action?: string;
  onPress?: () => void;
}

/** The size of a text as a telephone sends it: `units` are letters of so many `bits`. */
interface TextSize {
  characters: number;
  units: number;
  bits: "seven" | "sixteen";
  messages: number;
}

/** What a connector counts: that they pointed somebody on, with values of closed lists only. */
interface Signpost {
  id: string;
  how: string;
  kind: string;
  area: string;
  day: string;
  connector: string;
}

interface PointFields extends HTMLFormControlsCollection {
  kind: HTMLSelectElement;
  area: HTMLSelectElement;
  connector: HTMLInputElement;
}

/** A venue in map/points.json. */
interface MapPoint extends Position {
  title: string;
  url: string;
}

interface LeafletLayer {
  addTo(map: LeafletMap): this;
}

interface LeafletMarker extends LeafletLayer {
  bindPopup(content: HTMLElement): this;
}

interface LeafletGroup extends LeafletLayer {
  getBounds(): LeafletBounds;
}

interface LeafletBounds {
  pad(ratio: number): LeafletBounds;
}

interface LeafletMap {
  fitBounds(bounds: LeafletBounds): this;
}

/** The part of Leaflet that map.js uses: its package has no types. */
interface Leaflet {
  map(element: HTMLElement): LeafletMap;
  tileLayer(tiles: string, options: { maxZoom: number; attribution: string }): LeafletLayer;
  circleMarker(position: [number, number], options: { radius: number }): LeafletMarker;
  featureGroup(layers: LeafletLayer[]): LeafletGroup;
}

interface Window {
  L: Leaflet;
  /** The Navigation API, which not every browser has. */
  navigation?: { readonly activation: NavigationActivation | null };
}

/** lean-qr, as the build copies it beside the scripts. */
declare module "*/lean-qr/index.mjs" {
  export * from "lean-qr";
}
