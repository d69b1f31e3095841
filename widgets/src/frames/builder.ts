// On the page that makes the code to paste: shows code and preview while the choices are made.
// Without it, the page's button does the same.

const form = document.querySelector<HTMLFormElement>("form#choices");
const make = document.getElementById("make");
const CODES = ["code-element", "code-frame", "address"];
let latest = 0;

/** Ask for the page with the present choices and put its result in place of ours. */
async function show(): Promise<void> {
  const turn = ++latest;
  const address = new URL(form!.action);
  for (const [name, value] of new FormData(form!)) {
    if (typeof value === "string" && value) address.searchParams.append(name, value);
  }
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (turn !== latest || !answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (turn === latest) take(page);
    history.replaceState(null, "", address);
  } catch {
    make!.hidden = false; // it says what the browser has to say
  }
}

function take(page: Document): void {
  for (const id of CODES) {
    document.getElementById(id)!.textContent = page.getElementById(id)?.textContent ?? "";
  }
  const [frame, next] = [document, page].map((one) => one.querySelector("iframe#preview")!);
  for (const name of ["src", "height"]) {
    const wanted = next!.getAttribute(name)!;
    if (frame!.getAttribute(name) !== wanted) frame!.setAttribute(name, wanted);
  }
  const told = document.getElementById("told")!;
  told.textContent = told.dataset["done"]!;
}

form?.addEventListener("change", (event) => {
  const { name } = event.target as HTMLInputElement;
  if (name === "accent") form.querySelector<HTMLInputElement>("[name=own_colour]")!.checked = true;
  // Another dataset or widget has other choices: the whole page changes.
  if (name === "dataset" || name === "widget") form.requestSubmit();
  else if (form.checkValidity()) void show();
});
if (make) make.hidden = true;

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => void copy(button));
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const code = document.getElementById(button.dataset["copy"]!)!;
  try {
    await navigator.clipboard.writeText(code.textContent ?? "");
    const told = document.getElementById("told")!;
    told.textContent = button.firstChild!.textContent = button.dataset["done"]!;
  } catch {
    getSelection()?.selectAllChildren(code); // to be copied by hand
  }
}
