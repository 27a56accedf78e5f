/** The words of the switcher. */

export const switcher = {
  title: "Jump to a room or a person",
  hint: "@ people, # rooms, > commands",
  markAllRead: "Mark everything read",
  notJoined: "not in it yet",
  nobodyOrNothing: (text: string) => `Nothing is called “${text}”.`,
  make: (name: string) => `No room is called “${name}”. Make it`,
  count: (n: number) => (n === 1 ? "1 found" : `${n} found`),
} as const;
