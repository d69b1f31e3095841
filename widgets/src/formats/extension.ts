// Made by `npm run types` from server/retouche/formats/extension.schema.json: change that file.

/**
 * A text per language, or one text for all.
 *
 * This interface was referenced by `DatasetExtension`'s JSON-Schema
 * via the `definition` "texts".
 */
export type Texts =
  | string
  | {
      [k: string]: string;
    };
/**
 * This interface was referenced by `DatasetExtension`'s JSON-Schema
 * via the `definition` "indicator".
 */
export type Indicator = {
  type:
    | "count_within"
    | "sum_within"
    | "nearest_distance"
    | "join"
    | "ratio"
    | "availability"
    | "group_share";
  /**
   * Whose rows get a value each.
   */
  resource: string;
  title?: Texts;
  help?: Texts;
  unit?: Texts;
  digits?: number;
  /**
   * Whether more is a gain for who lives there, or less; neither when left out.
   */
  better?: "more" | "less";
  /**
   * A field that says how many people a row stands for.
   */
  weight?: string;
  /**
   * Bounds of a distance, in kilometres, by which people are counted.
   *
   * @minItems 1
   * @maxItems 10
   */
  bands?: number[];
  /**
   * Whether it is shown in the impact of proposals; true by default.
   */
  impact?: boolean;
};
/**
 * A resource whose rows have a position, or several with a condition and a weight each.
 *
 * This interface was referenced by `DatasetExtension`'s JSON-Schema
 * via the `definition` "sources".
 */
export type Sources =
  | string
  | {
      resource: string;
      /**
       * @maxItems 10
       */
      where?: Condition[];
      /**
       * What a row counts: a number field of it, or `calendar`, the share of a full week that a stop is there.
       */
      weight?: string;
      /**
       * Only stops of this day count: a weekday, or a date.
       */
      on?: string;
    }[];

/**
 * What stands under the key `retouche` of a data package, a resource or a field.
 */
export interface DatasetExtension {
  [k: string]: unknown;
}
/**
 * This interface was referenced by `DatasetExtension`'s JSON-Schema
 * via the `definition` "package".
 */
export interface Package {
  /**
   * @minItems 1
   */
  locales?: ("fr" | "en")[];
  title?: Texts;
  description?: Texts;
  /**
   * What is asked of those who contribute without an account.
   */
  contributions?: {
    /**
     * When the browser must do a short calculation before it sends.
     */
    proof?: "never" | "under_load" | "always";
  };
  groups?: {
    [k: string]: Texts;
  };
  /**
   * Figures computed from the resources, by name: a value for each row of one of them.
   */
  indicators?: {
    [k: string]: Indicator;
  };
  /**
   * Answers that reviewers of this dataset often give when they refuse.
   *
   * @maxItems 50
   */
  reasons?: Reason[];
  /**
   * The territories that the dataset is divided into, the widest level first.
   *
   * @maxItems 5
   */
  territories?: Level[];
  quality?: {
    /**
     * After how many months a row should be confirmed again; 12 by default.
     */
    months?: number;
    /**
     * Per resource, the fields that count; all that are not derived by default.
     */
    fields?: {
      [k: string]: string[];
    };
  };
  /**
   * Other standards that a resource can be taken as, by name.
   */
  mappings?: {
    [k: string]: Mapping;
  };
}
/**
 * This interface was referenced by `DatasetExtension`'s JSON-Schema
 * via the `definition` "reason".
 */
export interface Reason {
  code: string;
  /**
   * The general reason that it is one of.
   */
  kind?:
    "not_verified" | "wrong" | "duplicate" | "already_fixed" | "spam" | "out_of_scope" | "other";
  label: Texts;
  message?: Texts;
}
/**
 * This interface was referenced by `DatasetExtension`'s JSON-Schema
 * via the `definition` "level".
 */
export interface Level {
  name: string;
  title?: Texts;
  /**
   * Has a row for each territory, named by its primary key.
   */
  resource: string;
  /**
   * Per resource, the field that says in which territory a row is.
   */
  members?: {
    [k: string]: string;
  };
}
/**
 * This interface was referenced by `DatasetExtension`'s JSON-Schema
 * via the `definition` "mapping".
 */
export interface Mapping {
  title?: Texts;
  resource: string;
  /**
   * The columns of the standard, in its order.
   */
  columns: {
    [k: string]: Mapped;
  };
}
/**
 * Where a column comes from: a field, a text for all rows, the texts of terms, or opening hours.
 *
 * This interface was referenced by `DatasetExtension`'s JSON-Schema
 * via the `definition` "mapped".
 */
export interface Mapped {
  field?: string;
  text?: string;
  terms?: {
    /**
     * The term holds for all rows without one.
     */
    field?: string;
    /**
     * It holds for rows with one of these, null for a missing cell; with any if left out.
     */
    in?: (string | null)[];
    text: string;
  }[];
  /**
   * Between several terms that hold; only the first counts without one.
   */
  separator?: string;
  /**
   * Fields of opening hours by day, put together as OpenStreetMap writes them.
   */
  hours?: {
    [k: string]: string;
  };
  /**
   * What the text becomes: the first of these that finds something in it; nothing where none does.
   *
   * @minItems 1
   * @maxItems 20
   */
  patterns?: {
    /**
     * A regular expression in the syntax of RE2.
     */
    pattern: string;
    /**
     * `{1}` stands for its first group, `{0}` for all it found; `{1}` if left out, or `{0}` without groups.
     */
    text?: string;
  }[];
  /**
   * Where nothing is found.
   */
  otherwise?: string;
}
/**
 * This interface was referenced by `DatasetExtension`'s JSON-Schema
 * via the `definition` "resource".
 */
export interface Resource {
  editable?: boolean;
  title?: Texts;
  description?: Texts;
  label?: string;
  geo?: {
    latitude: string;
    longitude: string;
  };
  checks?: Check[];
}
/**
 * This interface was referenced by `DatasetExtension`'s JSON-Schema
 * via the `definition` "check".
 */
export interface Check {
  name: string;
  params?: {};
  level?: "error" | "warning";
  message?: Texts;
}
/**
 * What a row must be like: a field or an indicator of it, and bounds or values.
 *
 * This interface was referenced by `DatasetExtension`'s JSON-Schema
 * via the `definition` "condition".
 */
export interface Condition {
  field: string;
  at_least?: number;
  at_most?: number;
  /**
   * @minItems 1
   */
  in?: string[];
  /**
   * @minItems 1
   */
  not_in?: string[];
}
/**
 * This interface was referenced by `DatasetExtension`'s JSON-Schema
 * via the `definition` "field".
 */
export interface Field {
  label?: Texts;
  help?: Texts;
  group?: string;
  display?: {
    as?:
      | "tag"
      | "link"
      | "mail"
      | "phone"
      | "number"
      | "percent"
      | "date"
      | "long_text"
      | "boolean"
      | "image"
      | "hours";
    unit?: Texts;
    digits?: number;
    values?: {
      [k: string]: {
        label?: Texts;
        color?: string;
      };
    };
  };
  locked?: boolean;
  /**
   * Not typed by hand: computed by an indicator, or, when true, by something else that writes the file.
   */
  derived?:
    | boolean
    | {
        indicator: string;
      };
  personal?: boolean;
  /**
   * Numbers and mail addresses in it are meant to be public: none is told to look private.
   */
  public_contact?: boolean;
  /**
   * Cells may hold the controls of right-to-left text.
   */
  bidi?: boolean;
  /**
   * For each value, the values that one proposal may turn it into.
   */
  steps?: {
    [k: string]: string[];
  };
}
