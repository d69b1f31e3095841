// Style properties that data tells, also in a page whose policy forbids inline styles. Lit's own
// `styleMap` writes the attribute at first, which such a page refuses.

import { type AttributePart, noChange } from "lit";
import { Directive, directive, type PartInfo, PartType } from "lit/directive.js";

export type Styles = { readonly [property: string]: string | number | null | undefined };

class StyleMap extends Directive {
  private before: Styles = {};

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ATTRIBUTE || part.name !== "style") {
      throw new Error("styleMap stands in a style attribute");
    }
  }

  render(_styles: Styles): typeof noChange {
    return noChange;
  }

  override update(part: AttributePart, [styles]: [Styles]): typeof noChange {
    const { style } = part.element as HTMLElement | SVGElement;
    for (const name of Object.keys(this.before)) {
      if (styles[name] == null) style.removeProperty(cssName(name));
    }
    for (const [name, value] of Object.entries(styles)) {
      if (value != null && value !== this.before[name]) {
        style.setProperty(cssName(name), String(value));
      }
    }
    this.before = { ...styles };
    return noChange;
  }
}

const cssName = (name: string): string =>
  name.startsWith("--") ? name : name.replace(/[A-Z]/g, (one) => `-${one.toLowerCase()}`);

/** `style=${styleMap({ background: color })}`: each property is set by script, none as markup. */
export const styleMap = directive(StyleMap);
