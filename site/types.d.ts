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

/** The columns of search/documents.json, one value a row. */
interface SearchDocuments {
  codes: string[];
  points: number[][];
  terms: SearchTerms;
}

/** The closed lists in search/documents.json. */
interface SearchTerms {
  codes: [code: string, latitude: number, longitude: number][];
}
