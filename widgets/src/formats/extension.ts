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
  derived?: boolean;
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
