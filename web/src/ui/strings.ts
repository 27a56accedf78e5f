/** Every word the interface says, in one place; plural forms by Intl (UX 3.10). */

import type { Author, Event, History, PostBy, RoomKind } from "../protocol";

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

/** "you, Grace and Alan". */
function list(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}

/** "30 s", "5 min", "6 h". */
function duration(seconds: number): string {
  if (seconds % 3_600 === 0) return `${seconds / 3_600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
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
  jumpTo: "Jump to…",
  shortcuts: "Shortcuts",
  browse: "Browse all rooms",
  newRoom: "New room",
  roomName: "Name",
  roomTopic: "Topic",
  makeRoom: "Make room",
  join: "Join",
  open: "Open",
  cancel: "Cancel",
  close: "Close",
  save: "Save",
  rename: "Rename",
  renameRoom: "Rename room",
  leave: "Leave",
  markRead: "Mark read",
  jumpToDate: "Jump to a date",
  day: "Day",
  nothingSince: "Nothing was said on that day or later.",
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
  beAway: "Be away",
  beBack: "Be here again",
  nowAway: "Others see you as away until you do something.",
  nowBack: "Others see that you are here.",
  away: "away",
  closePanel: "Close people",
  messages: "Messages",
  copyCode: "Copy",
  copied: "Copied",
  showSpoiler: "Show what is hidden",
  hidden: "[hidden]",
  table: "Table",
  done: "Done",
  notDone: "Not done",
  messagesIn: (room: string) => `Messages in ${room}`,
  messageBox: (room: string) => `Message ${room}`,
  writeTo: (room: string) => `Write to ${room}`,
  writeForm: "Write a message",
  send: "Send",
  emoji: "Emoji",
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
  onlyYouAnd: (others: readonly string[], people: number) => {
    const more = people - 1 - others.length;
    const all = more > 0 ? [...others, plural(more, "other", "others")] : others;
    return `Only ${list(["you", ...all])} can read this.`;
  },
  fromYourJoining: "You can read what was said here since you came.",
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
  /** `here`: in a direct room whether any of the others is here. */
  roomLabel: (name: string, kind: RoomKind, here: boolean, unread: number, mentions: number, draft: boolean) =>
    [
      name,
      kind === "closed" ? "closed room" : "",
      kind === "direct" ? (here ? "here now" : "away") : "",
      unread > 0 ? `${unread >= 100 ? "99+" : unread} unread` : "",
      mentions > 0 ? plural(Math.min(mentions, 99), "mention", "mentions") : "",
      draft ? "draft" : "",
    ]
      .filter((part) => part !== "")
      .join(", "),
  draft: "draft",
  unreadCount: (n: string) => `${n} unread`,

  // Rooms, and who is in them.
  openKind: "Open",
  openKindMeans: "Everyone in the house may find and join it.",
  closedKind: "Closed",
  closedKindMeans: "Only the people in it can read it, or know of it.",
  whoMayRead: "Who may read",
  openRoomRead: (history: History) =>
    `Everyone in the house may join this room and read ${history === "all" ? "all of it" : "it from then on"}.`,
  closedRoomRead: (history: History) =>
    `Only the people in this room can read it. Who is added reads it from ${history === "all" ? "the beginning" : "then on"}.`,
  directRead: "Only the people in it can read it, and nobody else is ever added.",
  details: "Room details",
  closeDetails: "Close room details",
  search: "Search",
  closeSearch: "Close search",
  searchMessages: "Search messages",
  noTopic: "No topic yet.",
  editNameAndTopic: "Edit name and topic",
  addPeople: "Add people",
  add: "Add",
  nobodyToAdd: "Everyone of the house is here already.",
  makeManager: "Let them look after this room",
  makeMember: "Let them look after it no longer",
  removeFromRoom: "Remove from this room",
  looksAfter: "looks after this room",
  morePeople: (n: number) => `${n.toLocaleString("en")} more. Search to find them.`,
  actsOn: (name: string) => `More about ${name}`,
  writing: "Writing",
  whoMayWrite: "Who may write",
  everyoneWrites: "Everyone in it",
  managersWrite: "Only those who look after it",
  newcomers: "Newcomers",
  newcomersSee: "What newcomers see",
  allHistory: "Everything that was said before",
  historySinceJoining: "Only what is said from when they come",
  newcomersSeeAll: "They see everything that was said before.",
  newcomersSeeLater: "They see only what is said from when they come.",
  historyFromNow: "It holds for those who come from now on.",
  slowMode: "Between two messages of one person",
  slowOff: "No wait",
  slowEvery: (seconds: number) => `One message in ${duration(seconds)}`,
  saved: "Saved",
  archive: "Archive this room",
  archiveMeans: "It stays to be read, and nothing more is said in it.",
  takeUp: "Take this room up again",
  archivedRoom: "This room is archived. It can be read, and nothing more is said in it.",
  managersRoom: "Only those who look after this room write here.",
  youBlock: (name: string) => `You block ${name}. Unblock them to write to them.`,
  slowWait: (left: string) => `Your next message can go in ${left}.`,
  slowRoom: (seconds: number) => `This room is slow: one message in ${duration(seconds)}.`,
  unsentDraft: "What you wrote is kept here, and can be copied.",
  leaveRoom: "Leave this room",
  leaveNamed: (room: string) => `Leave ${room}?`,
  leaveClosed: "You cannot come back by yourself. Somebody who looks after this room would have to add you.",
  lostRoom: "You can no longer read this room.",
  lostRoomHow: "You were removed from it. Somebody who looks after it can add you again.",
  noRoom: "No such room",
  noRoomHere: "There is no room at this address, or it is not for you to read.",
  roomToJoin: (room: string) => `You are not in ${room} yet.`,
  toLobby: "To the lobby",
  stillYours: "Not sent, and still yours",
  unsentText: "Unsent text",
  lostRoomRow: "A room you lost",
  copy: "Copy",
  nowhere: "Nothing here",
  nowhereWords: "There is nothing at this address.",
  readTopic: (topic: string) => `Topic: ${topic}. Open room details`,

  // People, and what one may do about them.
  allPeople: "All people",
  searchPeople: "Search people",
  nobodyCalled: (text: string) => `Nobody is called “${text}”.`,
  loadingPeople: "Looking who is there…",
  hereNow: (n: number) => `${n.toLocaleString("en")} here now`,
  you: "you",
  roles: { bot: "bot", guest: "guest", member: "", administrator: "administrator", owner: "owner" },
  message: "Message",
  messageTo: (name: string) => `Message ${name}`,
  messageSeveral: "Message several",
  start: "Start",
  startWith: "Who should be in it?",
  startMeans: "Only those you choose and you can read it, and it stays so.",
  aboutPerson: (name: string) => `About ${name}`,
  thisIsYou: "This is you.",
  block: "Block",
  unblock: "Unblock",
  blockMeans: "They can no longer write to you alone, and what they say elsewhere is folded away. They are not told.",
  youBlockThem: "You block them: what they say is folded away.",
  blockedMessage: "Message from somebody you blocked.",
  rowMenu: (name: string) => `More about the message of ${name}`,
  edited: "edited",
  editedAt: (when: string) => `Edited at ${when}. Show what it said before`,
  editForm: "Edit the message",
  editHow: "Enter saves, Esc leaves it as it is.",
  editsTitle: "What it said before",
  deleted: "Deleted.",
  deletedBy: (name: string) => `Deleted by ${name}`,
  quotedGone: "A message that is not there any more.",
  quotes: (name: string) => `Answers ${name}. Go to that message`,
  replyTo: (name: string | null) => (name === null ? "↳ reply in a thread" : `↳ reply in the thread of ${name}`),
  answering: (name: string) => `Answering ${name}`,
  answerNothing: "Answer nobody",
  react: "React",
  reactWith: (sign: string) => `React with ${sign}`,
  quote: "Answer here",
  reply: "Reply",
  replyInThread: "Reply in a thread",
  removeCards: "Remove link cards",
  pin: "Pin to the room",
  unpin: "Pin no more",
  saveMessage: "Save for yourself",
  unsave: "Save no more",
  reaction: (emoji: string, count: number, mine: boolean) =>
    `${emoji}, ${plural(count, "person", "people")}${mine ? ", you too" : ""}`,
  reactedBy: (who: readonly Author[], count: number) => {
    const more = count - who.length;
    return list([...who.map(({ name }) => name), ...(more > 0 ? [plural(more, "other", "others")] : [])]);
  },
  thread: "Thread",
  catchUp: "Catch up",
  upToDate: "You are up to date.",
  threads: "Threads",
  noThreads: "You follow no thread yet. You follow those that you begin, answer, or are called in.",
  savedMessages: "Saved messages",
  nothingSaved: "You have saved nothing yet.",
  more: "More",
  mentionCount: (n: number) => plural(n, "mention", "mentions"),
  openNamed: (room: string) => `Open ${room}`,
  markNamedRead: (room: string) => `Mark ${room} read`,
  unreadIn: (room: string) => `Unread in ${room}`,
  countsAs: { all: "Everything counts", mentions: "Mentions count", nothing: "Nothing counts" },
  notifyTitle: "What counts as unread for you",
  notifyLevels: { all: "Everything that is said", mentions: "What mentions you", nothing: "Nothing" },
  follow: "Follow",
  following: "Following",
  closeList: "Close the list",
  threadForm: "Write in the thread",
  writeInThread: "Reply in the thread",
  alsoInRoom: "Also post to the room",
  noReplies: "No replies yet.",
  earlierReplies: "Earlier replies",
  couldNotLoadThread: "Could not load this thread.",
  rootGone: "The message it is about is not there any more.",
  noPins: "Nothing is pinned to this room.",
  nothingUnread: "Nothing is unread in this room.",
  inThread: "in a thread",
  pinned: "Pinned messages",
  whyUnread: "Why is this unread?",
  closeThread: "Close the thread",
  replies: (n: number) => plural(n, "reply", "replies"),
  openThread: (n: number, unread: number) =>
    `${plural(n, "reply", "replies")}${unread > 0 ? `, ${unread} unread` : ""}. Open the thread`,
  rowBar: (name: string) => `What to do about the message of ${name}`,
  copyText: "Copy text",
  copyLink: "Copy link",
  notCopied: "This browser does not let a page copy.",
  unreadFromHere: "Mark unread from here",
  report: "Report",
  reportTitle: (name: string) => `Report this message of ${name}`,
  reportNote: "What is wrong with it? You may leave this empty.",
  reportMeans: "Those who look after the house will see the message, and that you reported it.",
  reported: "Reported. Those who look after the house will see it.",
  groupHere: "somebody is here now",

  spoken: (who: string, text: string) => `${who}: ${text}`,
  spokenMany: (n: number, who: string) => `${n} new messages, latest from ${who}`,
} as const;

/** Who may write from now on, and how often. */
function postingNow(postBy: PostBy, slowS: number): string {
  const who =
    postBy === "everyone" ? "lets everyone write here" : "lets only those who look after this room write here";
  return slowS > 0 ? `${who}, one message in ${duration(slowS)}` : who;
}

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
      return `${by} ${postingNow(event.post_by, event.slow_s)}`;
    case "history_changed":
      return event.history === "all"
        ? `${by} lets newcomers read everything that was said before`
        : `${by} lets newcomers read only what is said from when they come`;
    case "pinned":
      return `${by} pinned a message`;
    case "room_archived":
      return `${by} archived this room`;
    case "room_restored":
      return `${by} took this room up again`;
    default:
      return "";
  }
}

/** "0:42", "1:05:00": what is left of a wait. */
export function waitText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const two = (n: number) => String(n).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** 99+ above ninety-nine. */
export function countText(n: number): string {
  return n > 99 ? "99+" : String(n);
}
