// What the pages of projects add where scripts run: the builder, and small maps of scenarios.

import "../elements/scenario/scenario";
import "../elements/scenario/sketch";

// The page is headed by the title that is being written.
const heading = document.querySelector("h1");
document.addEventListener("titled", (event) => {
  const { title } = (event as CustomEvent<{ title: string }>).detail;
  if (heading && title.trim()) heading.textContent = title;
});
