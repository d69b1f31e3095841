// Forms of the server's own pages that must bring a calculation: it is done while they are read.

import { type Challenge, solve } from "../elements/editing/proof";

for (const field of document.querySelectorAll<HTMLInputElement>("input[data-challenge]")) {
  const told = field.parentElement!.querySelector<HTMLElement>("[data-proving]");
  const tell = (what: "proving" | "proved" | "failed"): void => {
    if (told) told.textContent = told.dataset[what] ?? "";
  };
  tell("proving");
  const solved = solve(JSON.parse(field.dataset["challenge"]!) as Challenge).then(
    (proof) => {
      field.value = proof;
      tell("proved");
    },
    () => tell("failed"),
  );
  const form = field.form!;
  form.addEventListener("submit", (event) => {
    const button = event.submitter as HTMLButtonElement | null;
    if (field.value || button?.value === "edit" || form.dataset["waited"]) return;
    event.preventDefault();
    void solved.then(() => {
      form.dataset["waited"] = "yes";
      form.requestSubmit(button);
    });
  });
}
