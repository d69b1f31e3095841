// The tabs of a widget, and the switch between the views of one.

import { html, nothing, type TemplateResult } from "lit";
import { tabsOf } from "../../model/descriptor";
import { speaker } from "../../model/messages";
import { inLanguage } from "../../model/texts";
import { namedViews } from "../../model/views";
import type { Session } from "../../state/session";
import { icon } from "../../styles/icons";
import { MESSAGES } from "./messages";

/** Arrow keys, Home and End go to a tab and show it. */
export function tabsTemplate(session: Session): TemplateResult | typeof nothing {
  const tabs = tabsOf(session.descriptor);
  if (tabs.length < 2) return nothing;
  const shown = tabs.indexOf(session.widget);
  const turn = (event: KeyboardEvent): void => {
    const steps: { [key: string]: number } = {
      ArrowRight: shown + 1,
      ArrowLeft: shown - 1 + tabs.length,
      Home: 0,
      End: tabs.length - 1,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const index = step % tabs.length;
    session.turnTo(tabs[index]!.name);
    const list = event.currentTarget as HTMLElement;
    (list.children[index] as HTMLElement).focus();
  };
  return html`<div
    class="tabs"
    part="tabs"
    role="tablist"
    aria-label=${speaker(MESSAGES, session.locale)("tabs")}
    @keydown=${turn}
  >
    ${tabs.map(
      (tab, index) =>
        html`<button
          role="tab"
          id="tab-${index}"
          aria-controls="panel"
          aria-selected=${index === shown ? "true" : "false"}
          tabindex=${index === shown ? "0" : "-1"}
          @click=${() => session.turnTo(tab.name)}
        >
          ${inLanguage(tab.title, session.locale) || tab.name}
        </button>`,
    )}
  </div>`;
}

export function viewsTemplate(session: Session): TemplateResult | typeof nothing {
  const views = namedViews(session.widget.views);
  if (views.length < 2) return nothing;
  const say = speaker(MESSAGES, session.locale);
  const [shown] = session.view;
  return html`<div class="views" part="views" role="group" aria-label=${say("views")}>
    ${views.map(
      ([name, view]) =>
        html`<button
          aria-pressed=${name === shown ? "true" : "false"}
          @click=${() => name !== shown && session.update({ view: name }, "push")}
        >
          ${icon(view.type)} ${inLanguage(view.title, session.locale) || say(view.type)}
        </button>`,
    )}
  </div>`;
}
