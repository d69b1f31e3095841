// Shortcuts for reviewers on the server's own pages. The pages work without them: a key does what
// a link or a button of the page does. None is pressed while somebody writes, and they can be
// switched off, since one key may be pressed by accident or by speech (WCAG 2.1.4).

const OFF = "retouche-shortcuts-off";
/** Milliseconds after a decision for which the next page takes none: a key may be pressed twice. */
const PAUSE = 300;
const bar = document.querySelector<HTMLElement>("[data-keys]");
if (bar) start(bar);

function start(bar: HTMLElement): void {
  const place = bar.dataset["keys"];
  const live = bar.querySelector<HTMLElement>("[data-live]")!;
  const help = bar.querySelector<HTMLDialogElement>("[data-help-dialog]")!;
  const why = bar.querySelector<HTMLDialogElement>("[data-why-dialog]")!;
  const toggle = bar.querySelector<HTMLInputElement>("[data-switch]")!;
  const main = document.querySelector<HTMLElement>("main")!;
  const find = <E extends HTMLElement>(selector: string): E | null =>
    main.querySelector<E>(selector);

  // A key pressed twice or held must not decide twice, or on what comes next.
  let sent = false;
  let resting = find("[data-decided]") !== null;
  setTimeout(() => {
    resting = false;
    bar.dataset["ready"] = "";
  }, resting ? PAUSE : 0);
  main.addEventListener("submit", (event) => {
    if (event.defaultPrevented || sent) event.preventDefault();
    else sent = true;
  });
  addEventListener("pageshow", () => (sent = false));

  bar.hidden = false;
  toggle.checked = kept() !== "yes";
  toggle.addEventListener("change", () => {
    keep(toggle.checked ? "" : "yes");
    say(bar.dataset[toggle.checked ? "on" : "off"]);
  });
  bar.querySelector("[data-help]")!.addEventListener("click", () => help.showModal());
  for (const dialog of [help, why]) {
    dialog.querySelector("[data-close]")!.addEventListener("click", () => dialog.close());
  }

  const reject = find<HTMLFormElement>("#reject");
  const reasons = reject?.querySelector<HTMLSelectElement>("[data-reason]") ?? null;
  if (reject && reasons) offer(reject, reasons);
  const select = find<HTMLButtonElement>("[data-select]");
  const plain = [...main.querySelectorAll<HTMLInputElement>("[data-plain]")];
  if (select && plain.length) {
    select.hidden = false;
    select.addEventListener("click", () => {
      const all = plain.every((one) => one.checked);
      for (const one of plain) one.checked = !all;
    });
  }

  // Whoever came here by a decision is told of it and has the next proposal under the keys.
  const decided = find("[data-decided]");
  const title = find("[data-proposal]");
  if (decided && !find("[autofocus]")) {
    (title ?? find<HTMLElement>("[data-queue] a"))?.focus();
    const next = title ? ` ${title.textContent}` : "";
    say(`${decided.querySelector("p")?.firstChild?.textContent ?? ""}${next}`);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (why.open) {
      const number = Number(event.key);
      const button = why.querySelectorAll<HTMLButtonElement>("[data-reasons] button")[number - 1];
      if (number >= 1 && button) {
        event.preventDefault();
        button.click();
      }
      return;
    }
    if (sent || help.open || !toggle.checked || writes(event.target)) return;
    const moves = event.key === "j" || event.key === "k";
    if (event.repeat && !(moves && place === "queue")) return;
    if (resting && ["a", "r", "u"].includes(event.key)) return;
    const done = press(event.key);
    if (done === undefined) return;
    event.preventDefault();
    if (!done) say(bar.dataset["none"]);
  });

  /** Does what a key is for; whether there was something to do, undefined for other keys. */
  function press(key: string): boolean | undefined {
    switch (key) {
      case "?":
        help.showModal();
        return true;
      case "j":
        return place === "queue" ? move(1) : follow('[rel="next"]');
      case "k":
        return place === "queue" ? move(-1) : follow('[rel="prev"]');
      case "n":
        return place === "queue" ? follow("[data-queue] h3 a") : follow('[rel="next"]');
      case "q":
        return follow("[data-back]");
      case "a":
        return accept();
      case "r":
        return refuse();
      case "u":
        return send(find<HTMLFormElement>("[data-undo]"));
      case "c":
        return focus(find('#accept input[type="radio"], #accept input[type="checkbox"]'));
      case "x":
        return tick();
      default:
        return undefined;
    }
  }

  function accept(): boolean {
    if (place === "batch") return send(find<HTMLFormElement>('[data-do="accept"]'));
    if (place === "queue") {
      const button = find<HTMLButtonElement>('[data-batch] button[name="accept"]');
      if (!button || !find("[name=pick]:checked")) return false;
      button.click();
      return true;
    }
    const form = find<HTMLFormElement>("#accept");
    const button = form?.querySelector<HTMLButtonElement>("button.main");
    if (!form || !button) return false;
    // What has nothing against it is accepted at once, and so is what was gone through by hand.
    if (form.dataset["safe"] !== undefined || form.dataset["looked"] || !form.checkValidity()) {
      form.requestSubmit(button);
      return true;
    }
    form.dataset["looked"] = "yes";
    button.focus();
    say(bar.dataset["look"]);
    return true;
  }

  function refuse(): boolean {
    if (place === "batch") return send(find<HTMLFormElement>('[data-do="reject"]'));
    if (!reject) return false;
    why.showModal();
    why.querySelector<HTMLButtonElement>("[data-reasons] button")?.focus();
    return true;
  }

  function offer(form: HTMLFormElement, reasons: HTMLSelectElement): void {
    const list = why.querySelector("[data-reasons]")!;
    for (const [number, option] of [...reasons.options].entries()) {
      const button = document.createElement("button");
      button.type = "button";
      const key = document.createElement("kbd");
      key.textContent = number < 9 ? String(number + 1) : "";
      if (number < 9) button.append(key, " ");
      button.append(option.text);
      button.addEventListener("click", () => {
        reasons.value = option.value;
        why.close();
        form.requestSubmit();
      });
      const item = document.createElement("li");
      item.append(button);
      list.append(item);
    }
  }

  function move(step: number): boolean {
    const links = [...main.querySelectorAll<HTMLElement>("[data-queue] h3 a")];
    const present = links.findIndex((one) => one.closest("li")!.contains(document.activeElement));
    const next = present < 0 ? (step > 0 ? 0 : links.length - 1) : present + step;
    if (links[next]) return focus(links[next]);
    return follow(step > 0 ? '.pages [rel="next"]' : '.pages [rel="prev"]');
  }

  function tick(): boolean {
    const entry = document.activeElement?.closest("[data-queue] > li");
    const box = entry?.querySelector<HTMLInputElement>("[name=pick]");
    box?.click();
    return Boolean(box);
  }

  function follow(selector: string): boolean {
    const link = find<HTMLAnchorElement>(selector);
    link?.click();
    return Boolean(link);
  }

  function send(form: HTMLFormElement | null): boolean {
    form?.requestSubmit();
    return Boolean(form);
  }

  function focus(element: HTMLElement | null): boolean {
    element?.focus();
    return Boolean(element);
  }

  function say(text: string | undefined): void {
    live.textContent = text ?? "";
  }
}

/** Whether keys go to a field that is written in, or chosen from by letters. */
function writes(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches("textarea, select")) return true;
  return target.matches("input:not([type=checkbox], [type=radio], [type=submit], [type=button])");
}

function kept(): string {
  try {
    return localStorage.getItem(OFF) ?? "";
  } catch {
    return ""; // a browser that keeps nothing
  }
}

function keep(value: string): void {
  try {
    localStorage.setItem(OFF, value);
  } catch {
    // They are off as long as the page is open.
  }
}
