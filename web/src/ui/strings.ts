/** Every word the interface says, in one place; plural forms by Intl (UX 3.10). */

import type { Author, Event, RoomKind } from "../protocol";

const rules = new Intl.PluralRules("en");

function plural(n: number, one: string, other: string): string {
  return `${n.toLocaleString("en")} ${rules.select(n) === "one" ? one : other}`;
}

function names(authors: readonly Author[]): string {
  const distinct = [...new Map(authors.map((author) => [author.id, author.name])).values()];
  const [first, second, third] = distinct;
  if (distinct.length === 1) return `${first}`;
  if (distinct.length === 2) return `${first} and ${second}`;
  if (distinct.length === 3) return `${first}, ${second} and ${third}`;
  return `${first}, ${second} and ${plural(distinct.length - 2, "other", "others")}`;
}

export const strings = {
  comeIn: "Come in",
  yourName: "Your name",
  peopleHere: (people: number, here: number) =>
    `${plural(people, "person", "people")}, ${here.toLocaleString("en")} here now.`,
  show: "Show",
  notFetched: "This page could not be fetched. Reload it.",
  tryName: (name: string) => `Try ${name}`,
  rooms: "Rooms",
  unread: "Unread",
  browse: "Browse all rooms",
  newRoom: "New room",
  roomName: "Name",
  roomTopic: "Topic",
  makeRoom: "Make room",
  join: "Join",
  open: "Open",
  cancel: "Cancel",
  save: "Save",
  rename: "Rename",
  renameRoom: "Rename room",
  leave: "Leave",
  markRead: "Mark read",
  allRead: "Everything is marked read.",
  undo: "Undo",
  roomMenu: (room: string) => `More about ${room}`,
  yourMenu: "You and your settings",
  houseMenu: (house: string) => `${house}, the house`,
  invite: "Invite people",
  houseSettings: "House settings",
  preferences: "Preferences",
  signOut: "Sign out",
  theme: "Theme",
  themeSystem: "As the system",
  themeLight: "Light",
  themeDark: "Dark",
  back: (count: number, inRooms: number) =>
    count === 0 ? "Back." : `Back. ${count >= 100 ? "100+" : count} new in ${plural(inRooms, "room", "rooms")}.`,
  backToRooms: "Back to the rooms",
  people: "People",
  peopleInRoom: (n: number) => plural(n, "person", "people"),
  online: "here now",
  away: "away",
  closePanel: "Close people",
  messages: "Messages",
  messagesIn: (room: string) => `Messages in ${room}`,
  messageBox: (room: string) => `Message ${room}`,
  writeTo: (room: string) => `Write to ${room}`,
  writeForm: "Write a message",
  send: "Send",
  railWidth: "Width of the list of rooms",
  panelWidth: "Width of the panel",
  skipToBox: "Message box",

  skipToRooms: "Rooms",
  newLine: "New",
  newMessages: "New messages",
  newBelow: (n: number) => `${n.toLocaleString("en")} new below`,
  toEnd: "To the end",
  loadingEarlier: "Loading earlier messages",
  gap: (n: number) => `${plural(n, "message", "messages")} while you were away.`,
  load: "Load",
  loading: "Loading",
  noMessages: "No messages yet.",
  lobbyEmpty: "This is the lobby. Everyone who joins the house can read and write here.",
  madeBy: (name: string, when: string) => `${name} made this room on ${when}.`,
  onlyYouAnd: (names: string) => `Only you and ${names} can read this.`,
  roomStart: "The room begins here.",
  couldNotLoad: "Could not load this room.",
  couldNotLoadEarlier: "Could not load earlier messages.",
  tryAgain: "Try again",
  sending: "Sending",
  waitingToSend: "Waiting to send",
  notSent: "Not sent",
  retry: "Retry",
  edit: "Edit",
  delete: "Delete",
  givenUp: "It could not be sent for a day.",
  tooLong: (over: number) => `${plural(over, "byte", "bytes")} over the limit of 16 KiB. Send it in parts.`,
  counter: (n: number) => plural(n, "character", "characters"),
  reconnecting: "Reconnecting.",
  messagesWaiting: (n: number) => ` ${plural(n, "message", "messages")} waiting.`,
  tryNow: "Try now",
  offline: "Offline. You can keep writing.",
  newVersion: "A new version is ready.",
  reload: "Reload",
  signedOut: "You were signed out. Sign in to continue.",
  unreachable: "Could not reach the house. Try again in a moment.",
  stillSignedIn: "Could not reach the house. You are still signed in.",
  rowBroken: "This message could not be shown.",
  partBroken: "This part of the page has failed.",
  today: "Today",
  yesterday: "Yesterday",
  typing: (who: readonly Author[]) =>
    who.length > 3 ? "Several people are writing…" : `${names(who)} ${who.length === 1 ? "is" : "are"} writing…`,
  joinedLeft: (joined: readonly Author[], left: readonly Author[]) => {
    const parts = [];
    if (joined.length > 0) parts.push(`${names(joined)} joined`);
    if (left.length > 0) parts.push(`${names(left)} left`);
    return parts.join(", ");
  },
  happened,
  closedRoom: "Closed room",
  newTopic: (who: string) => `${who} changed the topic`,
  newNameOrTopic: (who: string) => `${who} changed the name or topic`,
  renamed: (who: string, room: string) => `${who} renamed the room to ${room}`,
  roomLabel: (name: string, kind: RoomKind, unread: number, draft: boolean) =>
    [
      name,
      kind === "closed" ? "closed room" : "",
      unread > 0 ? `${unread >= 100 ? "99+" : unread} unread` : "",
      draft ? "draft" : "",
    ]
      .filter((part) => part !== "")
      .join(", "),
  draft: "draft",
  spoken: (who: string, text: string) => `${who}: ${text}`,
  spokenMany: (n: number, who: string) => `${n} new messages, latest from ${who}`,
} as const;

/** A durable change of a room that has no words of its own elsewhere. */
function happened(event: Event): string {
  const by = event.by.name;
  switch (event.kind) {
    case "member_added":
      return `${by} added ${event.who.name}`;
    case "member_removed":
      return `${by} removed ${event.who.name}`;
    case "role_changed":
      return event.role === "manager"
        ? `${event.who.name} looks after this room now`
        : `${event.who.name} no longer looks after this room`;
    case "posting_changed":
      return `${by} changed who may write here, and how often`;
    case "room_archived":
      return `${by} archived this room`;
    case "room_restored":
      return `${by} took this room up again`;
    default:
      return "";
  }
}

/** 99+ above ninety-nine. */
export function countText(n: number): string {
  return n > 99 ? "99+" : String(n);
}
