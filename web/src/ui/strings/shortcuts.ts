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
      ["Ctrl+Alt+Shift+↑ / Ctrl+Alt+Shift+↓", "Room above, below with something for you"],
      ["Ctrl+Shift+M", "Catch up"],
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
      ["↑", "Edit your last message, when the box is empty"],
      ["Shift+↑", "Answer the newest message, when the box is empty"],
      ["Ctrl+↑", "To the newest message, when the box is empty"],
      ["Ctrl+Shift+E", "Emoji"],
      ["Ctrl+B / Ctrl+I", "Strong, emphasis"],
      ["Ctrl+E / Ctrl+Shift+X", "Code, struck out"],
      ["Ctrl+Shift+L", "Link"],
      ["PgUp / PgDn", "Scroll the messages"],
    ],
  },
  {
    title: "On the messages",
    lines: [
      ["↑ / ↓", "Message above, below; K and J too"],
      ["Home / End", "First, last"],
      ["R", "Reply in a thread; Enter too"],
      ["Q", "Answer in the room"],
      ["A", "React; + too"],
      ["E", "Edit your own"],
      ["Del", "Delete; Backspace too"],
      ["P", "Pin to the room"],
      ["S", "Save for yourself"],
      ["U", "Mark unread from here"],
      ["C", "Copy the text"],
      ["L", "Copy the link"],
      ["M", "More"],
      ["Shift+PgUp", "To the oldest unread"],
      ["Ctrl+Home / Ctrl+End", "To the first loaded, to the end"],
    ],
  },
];
