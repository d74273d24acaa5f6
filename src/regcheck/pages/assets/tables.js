// Tables that readers can sort and filter. Without this script they are tables all the same.
"use strict";

(() => {
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const textOf = (cell) => cell ? cell.textContent.trim() : "";
  const SEVERITIES = ["error", "warning", "info"]; // by weight, not by letter
  const keyOf = (cell) => {
    const rank = SEVERITIES.indexOf(textOf(cell));
    return rank < 0 ? textOf(cell) : `${rank}`;
  };
  const isEmpty = (text) => text === "" || text === "—";

  const sort = (table, column, head) => {
    const descending = head.getAttribute("aria-sort") === "ascending";
    for (const other of head.parentElement.children) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", descending ? "descending" : "ascending");
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => [keyOf(row.cells[column]), row]);
    rows.sort(([a], [b]) => {
      if (isEmpty(a) !== isEmpty(b)) return isEmpty(a) ? 1 : -1; // what says nothing goes last
      return descending ? collator.compare(b, a) : collator.compare(a, b);
    });
    body.append(...rows.map(([, row]) => row));
  };

  const makeSortable = (table) => {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      if (!textOf(head)) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => sort(table, column, head));
    });
  };

  const makeFilterable = (frame, table, number) => {
    const line = document.createElement("div");
    line.className = "rc-filter";
    const label = document.createElement("label");
    const input = document.createElement("input");
    const count = document.createElement("output");
    input.type = "search";
    input.placeholder = "a word, a status, a machine…";
    input.id = `rc-filter-${number}`;
    label.htmlFor = input.id;
    label.textContent = "Filter";
    count.setAttribute("aria-live", "polite");
    const clear = document.createElement("button");
    clear.type = "button";
    clear.textContent = "Clear the filter";
    clear.hidden = true;
    line.append(label, input, count, clear);
    frame.before(line);
    const rows = [...table.tBodies[0].rows].map((row) => [row, row.textContent.toLocaleLowerCase()]);
    input.addEventListener("input", () => {
      const words = input.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const [row, text] of rows) {
        row.hidden = !words.every((word) => text.includes(word));
        shown += row.hidden ? 0 : 1;
      }
      frame.hidden = !shown;
      clear.hidden = !frame.hidden;
      count.textContent = !shown ? "Nothing matches." : words.length ? `${shown} of ${rows.length}` : "";
    });
    clear.addEventListener("click", () => {
      input.value = "";
      input.dispatchEvent(new Event("input"));
      input.focus();
    });
  };

  /* Each cell says under which head it stands: on a phone cells stand below each other. */
  const nameCells = (table) => {
    const heads = [...table.tHead.rows[0].cells].map(textOf);
    for (const row of table.tBodies[0].rows) {
      [...row.cells].forEach((cell, column) => { if (column && heads[column]) cell.dataset.head = heads[column]; });
    }
  };

  const start = () => {
    document.querySelectorAll(".rc-table").forEach((frame, number) => {
      const table = frame.querySelector("table");
      const fit = () => {
        const isWide = frame.scrollWidth > frame.clientWidth;
        frame.classList.toggle("rc-fits", !isWide);
        if (isWide) {
          frame.tabIndex = 0;
          frame.setAttribute("role", "region");
          frame.setAttribute("aria-label", table.caption ? table.caption.textContent : "Table");
        }
      };
      if (frame.classList.contains("rc-stack") && matchMedia("(max-width: 44.98em)").matches) nameCells(table);
      if (frame.classList.contains("rc-tools") && table.tBodies[0].rows.length > 1) {
        makeSortable(table);
        makeFilterable(frame, table, number);
      }
      new ResizeObserver(() => requestAnimationFrame(fit)).observe(frame); // not at once: it changes the size
    });
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
