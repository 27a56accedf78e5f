/** The words of invitations: made, shown, copied, taken back. */

import type { Role } from "../../protocol";

export const invitations = {
  invitePeople: "Invite people",
  makeLink: "Make a link",
  link: "Link",
  copy: "Copy",
  copied: "Copied",
  putAway: "Put this away",
  title: "Invite",
  how: "Whoever has the link comes in by it.",
  gives: "They come as",
  roles: { member: "Member", guest: "Guest of one room", administrator: "Administrator" },
  rooms: "Rooms, besides the lobby",
  oneRoom: "The room",
  expires: "It holds for",
  hour: "An hour",
  day: "A day",
  week: "A week",
  month: "30 days",
  year: "A year",
  uses: "For how many",
  one: "One person",
  five: "Five people",
  all: "As many as come",
  note: "For whom it is",
  noteHint: "For the list of invitations; nobody else sees it.",
  make: "Make the link",
  made: "The link is shown this once. Give it to whom it is for.",
  until: (when: string) => `It holds until ${when}.`,
  qr: "The link, to be photographed",
  done: "Done",
  stillHold: (links: number) =>
    links === 1 ? "A link for guests still leads here" : `${links} links for guests still lead here`,
  stillHoldHow: (name: string) =>
    `${name} was removed, and in that browser a link leads them here no more. Whoever opens one elsewhere still comes in.`,
  leaveLinks: "Let it be",
  afterRemoval: (name: string) => `${name} was removed`,
} as const;

export const roleWords: Readonly<Record<Role, string>> = {
  owner: "Owner",
  administrator: "Administrator",
  member: "Member",
  guest: "Guest",
  bot: "Bot",
};
