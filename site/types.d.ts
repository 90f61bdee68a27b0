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
  worlds: string;
  points: number[][];
  when: string[];
  since: number;
  coming: (number | null)[][];
  fits: string[];
  tags: number[][];
  langs: [row: number, language: string][];
}

/** The closed lists in search/documents.json; a term's number is its position. */
interface SearchTerms {
  kinds: KindTerm[];
  needs: NeedTerm[];
  areas: AreaTerm[];
  invented: number[];
  codes: [code: string, latitude: number, longitude: number][];
  tags: [words: string, look: string][];
  access: [slug: string, label: string][];
  languages: string[];
  promises: string[];
  phrases: PhraseTerm[];
}

/** A field and a value of it (a number where its list has one), and how surely it is meant, to 100. */
type MeaningTerm = [field: string, value: string | number, weight: number];
type PhraseTerm = [meanings: MeaningTerm[], phrases: string];

/** Names of days and months, Monday and January first. */
type DateNames = { [form in "weekdays" | "short_weekdays" | "months" | "short_months"]: string[] };
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

/** A page beside the activities: `words` are stems of what it says beside its title. */
type SitePage = [url: string, title: string, kind: string, words: string];

/** search/index.json: for each word, by the mask of its fields, the gaps between its rows. */
interface PackedIndex {
  stamp: string;
  words: string;
  rows: string[];
}

/** All that a page needs to answer questions. */
interface SearchLibrary {
  count: number;
  documents: SearchDocuments;
  index: import("./assets/search_match.js").WordIndex;
  /** The rows of each term, by key: "kind/3", "code/ZZ3", "day/1", "free". */
  rows: Map<string, number[]>;
  source: PlanSource;
  middles: Map<string, Point | null>;
  /** The places of the UK, once a place was asked for that needs them. */
  ukPlaces: UkPlaces | null;
  /** Whether some entries are real and some of the demonstration. */
  holdsBoth: boolean;
  sitePages: import("./assets/search_pages.js").SitePageIndex;
}

/** A county: its own names, and all that is written after a place in it, as keys. */
interface UkCounty {
  name: string;
  nation: string;
  own: string[];
  keys: Set<string>;
}

interface UkPlace {
  label: string;
  counties: UkCounty[];
  point: Point;
  keys: string[];
  isMain: boolean;
  isCounty: boolean;
}

/** search/places.tsv; `codes` are the middles of outward codes, where they were imported. */
interface UkPlaces {
  places: UkPlace[];
  named: (key: string) => UkPlace[];
  keys: string[];
  countiesWith: (key: string) => string[];
  towns: Map<string, { name: string; point: Point }>;
  codes: Map<string, Point>;
}

/** A place of some name: an area of the directory (by number, or -1), a venue in one, or one of the UK. */
interface PlaceCandidate {
  label: string;
  key: string;
  area: number;
  isVenue: boolean;
  uk: UkPlace | null;
  place: Partial<SearchPlace>;
}

/** Places by key: areas of the directory by number, venues, and what finds all. */
interface PlaceNames {
  own: Map<string, number>;
  venues: Map<string, PlaceCandidate[]>;
  named: (key: string) => PlaceCandidate[];
  ukPlaces: UkPlaces | null;
}

/** A word that may have been meant, and how surely: 100 as typed. */
interface Candidate {
  word: string;
  weight: number;
}

/** A node in the tree of phrases: what is complete here, and how it may go on. */
interface PhraseNode {
  byKey: Map<string, PhraseNode>;
  byWord: Map<string, PhraseNode>;
  meanings: MeaningTerm[];
}

/** All phrases, and the words that stand in any. */
interface PhraseIndex {
  filters: PhraseNode;
  concepts: PhraseNode;
  named: Set<string>;
}

/** A phrase found in a question: `end` is the place after its last word. */
interface PhraseMatch {
  end: number;
  words: string[];
  meanings: MeaningTerm[];
}

/** The words of a question, and what each may stand for. */
interface PhraseQuestion {
  typed: string[];
  candidates: Candidate[][];
}

/** The words of a phrase up to a node, and how sure the least and the most sure of them are. */
interface PhrasePath {
  words: string[];
  least: number;
  most: number;
}

/** What plans are made from. */
interface PlanSource {
  vocabulary: import("./assets/search_vocabulary.js").Vocabulary;
  phrases: PhraseIndex;
  isTitle: (key: string) => boolean;
}

/** Words that a document may hold for a group to fit: all of them. */
interface PlanOption {
  words: string[];
  weight: number;
}

/** Words of a question that stand for one thing. */
interface PlanGroup {
  typed: string[];
  options: PlanOption[];
  concepts: MeaningTerm[];
  outright: boolean;
}

/** A filter that words were understood as: the words, and fields of a question with their values. */
interface Understood {
  words: string;
  filters: [field: string, value: string][];
}

interface SearchPlan {
  groups: PlanGroup[];
  understood: Understood[];
  titleKey: string;
  unknownWords: string[];
  /** All the words of the question. */
  typed: string[];
  audience: PlanAudience;
}

/** Who is asked for: an age, the kinds (slugs) not for them, and those that the question names. */
interface PlanAudience {
  age: number | null;
  unfitKinds: string[];
  named: number[];
}

/** An age that was typed, and the places of the words that say it. */
interface TypedAge {
  years: number;
  places: number[];
}

/** A question that is being read from left to right. */
interface PlanReading {
  source: PlanSource;
  typed: string[];
  isSmall: (word: string) => boolean;
  /** The day of asking, in London (ISO 8601). */
  today: string;
  literal: boolean;
  asTyped: string[];
  age: TypedAge | null;
}

interface PlanParts {
  groups: PlanGroup[];
  understood: Understood[];
  forSomeoneElse: PlanGroup[];
  unknown: string[];
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
  invented?: string;
  soon?: string;
  language?: string;
  order?: string;
  within_km?: string | number;
  age?: string | number | null;
  days?: string[];
  /** Days of the calendar in London (ISO 8601): with `days` any of either will do. */
  dates?: string[];
  times?: string[];
  ways?: string[];
  access?: string[];
  promises?: string[];
  as_typed?: string[];
}

/** A place as understood: with a label, or where a `device` is. An unknown one filters nothing. */
interface SearchPlace {
  label: string;
  areas: number[];
  code: string;
  point: (Position & { about?: boolean }) | null;
  device: boolean;
  known: boolean;
  /** The town that distances are counted from, where it is a postcode area's main one. */
  town: string;
  /** What else it may mean. */
  offers: string[];
  /** Whether it belongs to the demonstration; null where that is not known. */
  invented: boolean | null;
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
  understood: Understood[];
  asked: SearchQuestion;
  pages: SitePage[];
  place: PlaceFilter;
  order: string;
  /** What the hits are, where nothing else says it: real, or invented as no real one fits. */
  world: "" | "real" | "invented";
}

/** A session that is held: when it starts and how long it lasts, in minutes, and its slots. */
interface HeldSession {
  starts: number;
  lasts: number | null;
  letters: string[];
}

/** Where and when an attempt looks; `invented` as `worldsOf` has it. */
interface AttemptScope {
  place: PlaceFilter;
  invented: boolean | null;
  now: number;
}

/** A document as a card shows it. */
interface SearchCard {
  /** When the next session that fits starts, as an instant; empty where none is known. */
  startsAt: string;
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
  kind: RadioNodeList;
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
