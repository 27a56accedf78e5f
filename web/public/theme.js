// The chosen theme and text size, before the first paint. Without a choice the system's own holds.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  const text = localStorage.getItem("text");
  if (text === "s" || text === "l" || text === "xl") document.documentElement.dataset.text = text;
} catch {}
