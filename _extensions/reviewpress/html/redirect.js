// At a chapter's old address: lead on to the page that the link was for, at the same place.

const place = location.hash.slice(1);
const links = [...document.querySelectorAll("a[data-for]")];
const link = links.find((link) => place && link.dataset.for === place) ?? links.find((link) => !link.dataset.for) ?? links[0];
if (link) location.replace(link.href + location.search + location.hash);
