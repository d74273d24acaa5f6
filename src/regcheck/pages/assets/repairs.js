// What the themes leave out for those who cannot see a page.
"use strict";

document.querySelector('.md-search[role="dialog"]:not([aria-label])')?.setAttribute("aria-label", "Search");

// A heading is called what it says, without the sign of the link to it.
for (const link of document.querySelectorAll(".headerlink")) {
  link.parentElement.setAttribute("aria-label", link.parentElement.textContent.slice(0, -link.textContent.length).trim());
  link.setAttribute("aria-label", link.title);
}

// Where a map is wider than the screen, what the page is about comes into view.
for (const focus of document.querySelectorAll(".regcheck-map .focus")) {
  const frame = focus.closest(".rc-scroll");
  const [inner, outer] = [focus.getBoundingClientRect(), frame.getBoundingClientRect()];
  frame.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
}
