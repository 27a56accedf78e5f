/** Every key, as the sheet of them shows it (UX 3.9). Keys are written as on a board of a PC; `/` stands between equals. */

type Line = readonly [keys: string, what: string];

export const shortcuts: readonly { readonly title: string; readonly lines: readonly Line[] }[] = [
  {
    title: "Anywhere",
    lines: [
      ["Ctrl+K", "Jump to a room, a person, a command"],
      ["Ctrl+F / Ctrl+Shift+F", "Search this room, all rooms"],
      ["Alt+↑ / Alt+↓", "Room above, room below"],
      ["Alt+Shift+↑ / Alt+Shift+↓", "Unread room above, below"],
      ["Alt+← / Alt+→", "Back, forward"],
      ["Ctrl+.", "Open or close the panel"],
      ["Ctrl+Shift+I", "Room details"],
      ["Ctrl+,", "Preferences"],
      ["Ctrl+/", "This sheet"],
      ["F6 / Shift+F6", "Next region, region before"],
      ["Esc", "Close what is open; then to the end, and mark read"],
      ["Shift+Esc", "Mark everything read"],
    ],
  },
  {
    title: "In the box",
    lines: [
      ["Enter", "Send"],
      ["Shift+Enter", "New line"],
      ["Ctrl+Enter", "Send, always"],
      ["Ctrl+↑", "To the newest message, when the box is empty"],
      ["PgUp / PgDn", "Scroll the messages"],
    ],
  },
  {
    title: "On the messages",
    lines: [
      ["↑ / ↓", "Message above, below; K and J too"],
      ["Home / End", "First, last"],
      ["U", "Mark unread from here"],
      ["C", "Copy the text"],
      ["L", "Copy the link"],
      ["M", "More"],
      ["Shift+PgUp", "To the oldest unread"],
      ["Ctrl+Home / Ctrl+End", "To the first loaded, to the end"],
    ],
  },
];
