// Whoever stands before the wall finds nothing of the last person, however that visit ended: it takes everything away.
// Comes after idle.js, which has read how long nobody has been here, and must end the visit that is still open.

if (document.querySelector(".wall")) sessionStorage.clear();
