// What somebody chose for the look of the page, before the first paint. Without a choice the system's own holds.
try {
  for (const what of ["theme", "text", "density", "face", "names"]) {
    const chosen = localStorage.getItem(what);
    if (chosen !== null && /^[a-z]{1,8}$/.test(chosen)) document.documentElement.dataset[what] = chosen;
  }
} catch {}
