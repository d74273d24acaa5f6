// What the themes leave out for those who cannot see a page.
"use strict";

document.querySelector('.md-search[role="dialog"]:not([aria-label])')?.setAttribute("aria-label", "Search");
