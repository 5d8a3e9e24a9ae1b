/** Hides what does not hold every word that is typed. Without it the page shows everything. @module */

export const SEARCH = `
for (const box of document.querySelectorAll("[data-search]")) {
  const field = box.querySelector("input");
  const told = box.querySelector("output");
  box.hidden = false;
  const list = document.getElementById(box.dataset.search);
  const entries = [...list.querySelectorAll("[data-entry]")].map((node) => [node, node.textContent.toLowerCase()]);
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let count = 0;
    for (const [node, text] of entries) {
      const isFound = words.every((word) => text.includes(word));
      node.hidden = !isFound;
      if (isFound) count += 1;
    }
    for (const group of list.querySelectorAll("details")) if (words.length > 0) group.open = true;
    told.textContent = words.length === 0 ? "" : count + " of " + entries.length;
  });
}
`;
