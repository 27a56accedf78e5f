/** The words of typed commands, and of what the box offers while one types. */

export const slash = {
  means: {
    me: "Say what you do",
    topic: "Change what this room is about",
    invite: "Add somebody to this room",
    join: "Go to a room, and join it",
    leave: "Leave this room",
    away: "Be away for others until you do something",
    back: "Be here again",
  },
  wants: { me: "what you do", topic: "the topic", invite: "a name", join: "a room", leave: "", away: "", back: "" },
  mayNot: (name: string) => `/${name} is not yours to use in this room.`,
  needs: (name: string) => `/${name} needs something after it.`,
  nobody: (name: string) => `Nobody is called “${name}”.`,
  noRoom: (name: string) => `No room is called “${name}”.`,
  offered: {
    "@": "People",
    "#": "Rooms",
    ":": "Emoji",
    "/": "Commands",
  },
  everyone: "everyone in this room",
  hereNow: "those who are here now",
  count: (n: number, what: string) => `${n} ${n === 1 ? "entry" : "entries"}, ${what.toLowerCase()}`,
} as const;
