/** Made by `cargo xtask codegen` from crates/protocol/tests/golden. Do not edit. */

import type { ClientFrame, ServerFrame } from "./generated";

export const serverFrames: Readonly<Record<string, ServerFrame>> = {
  server_event_member_joined: {"t":"event","room":7,"seq":48212,"at":1762248660000,"by":{"id":2,"name":"Ada"},"kind":"member_joined"},
  server_event_member_left: {"t":"event","room":7,"seq":48212,"at":1762248660000,"by":{"id":2,"name":"Ada"},"kind":"member_left"},
  server_event_message: {"t":"event","room":7,"seq":48212,"at":1762248660000,"by":{"id":2,"name":"Ada"},"kind":"message","client_id":"0192f0c1-2345-7abc-8def-0123456789ab","text":"Grüße, <b>元気</b>? 🎉\nSecond line."},
  server_event_message_binary: {"t":"event","room":7,"seq":48212,"at":1762248660000,"by":{"id":2,"name":"Ada"},"kind":"message","client_id":"0192f0c1-2345-7abc-8def-0123456789ab","text":"Grüße, <b>元気</b>? 🎉\nSecond line.","binary":true},
  server_event_room_created: {"t":"event","room":7,"seq":48212,"at":1762248660000,"by":{"id":2,"name":"Ada"},"kind":"room_created","name":"engineering","topic":"Shipping the Rust server."},
  server_event_room_renamed: {"t":"event","room":7,"seq":48212,"at":1762248660000,"by":{"id":2,"name":"Ada"},"kind":"room_renamed","name":"engine-room","topic":"Shipping the Rust server."},
  server_notice_draining: {"t":"notice","notice":{"kind":"draining","spread_ms":5000}},
  server_notice_read: {"t":"notice","notice":{"kind":"read","room":7,"seq":48212,"unread":0,"head":48212}},
  server_notice_room_added: {"t":"notice","notice":{"kind":"room_added","state":{"room":{"id":7,"name":"engineering","topic":"Shipping the Rust server.","kind":"open","archived":false,"post_by":"everyone","slow_s":0},"head":48211,"floor":0,"since":1,"read":48208,"unread":3,"members":12,"online":4,"role":"member"}}},
  server_notice_room_removed: {"t":"notice","notice":{"kind":"room_removed","room":7}},
  server_refusal: {"t":"refusal","ref":5,"refusal":{"code":"name_taken","message":"engineering is taken."}},
  server_refusal_rate: {"t":"refusal","ref":6,"refusal":{"code":"rate","message":"That is too fast.","retry_after_ms":200}},
  server_reply_done: {"t":"reply","ref":5,"reply":{"is":"done"}},
  server_reply_pong: {"t":"reply","ref":5,"reply":{"is":"pong"}},
  server_reply_posted: {"t":"reply","ref":5,"reply":{"is":"posted","room":7,"seq":48212,"at":1762248660000,"client_id":"0192f0c1-2345-7abc-8def-0123456789ab","duplicate":false}},
  server_reply_read: {"t":"reply","ref":5,"reply":{"is":"read","room":7,"seq":48212,"unread":0,"head":48212}},
  server_reply_room: {"t":"reply","ref":5,"reply":{"is":"room","state":{"room":{"id":7,"name":"engineering","topic":"Shipping the Rust server.","kind":"open","archived":false,"post_by":"everyone","slow_s":0},"head":48211,"floor":0,"since":1,"read":48208,"unread":3,"members":12,"online":4,"role":"member"}}},
  server_reply_welcome: {"t":"reply","ref":5,"reply":{"is":"welcome","epoch":"4be1b7d2.1","version":"0.1.0","server_time":1762248660000,"you":{"id":2,"name":"Ada","guest":false,"role":"member"},"house":{"name":"Harbour","door":"open","people":12,"here":3},"rooms":[{"room":{"id":7,"name":"engineering","topic":"Shipping the Rust server.","kind":"open","archived":false,"post_by":"everyone","slow_s":0},"head":48211,"floor":0,"since":1,"read":48208,"unread":3,"members":12,"online":4,"role":"member"}],"limits":{"body_bytes_max":16384,"name_graphemes_max":32,"replay_events_max":500,"heartbeat_ms":20000}}},
  server_reset: {"t":"reset","room":7,"head":48212,"floor":0},
  server_signal_presence: {"t":"signal","signal":{"kind":"presence","room":7,"joined":[{"id":2,"name":"Ada"}],"left":[],"online":4,"at":1762248660000}},
  server_signal_typing: {"t":"signal","signal":{"kind":"typing","room":7,"by":{"id":2,"name":"Ada"}}},
};

export const clientFrames: Readonly<Record<string, ClientFrame>> = {
  client_catch_up: {"ref":5,"t":"catch_up","room":7,"after":48211},
  client_create_room: {"ref":5,"t":"create_room","name":"engineering","topic":"Shipping the Rust server."},
  client_hello: {"ref":5,"t":"hello","epoch":"4be1b7d2.1","cursors":[[7,48211]]},
  client_hello_first: {"ref":5,"t":"hello","cursors":[]},
  client_join_room: {"ref":5,"t":"join_room","room":7},
  client_leave_room: {"ref":5,"t":"leave_room","room":7},
  client_mark_read: {"ref":5,"t":"mark_read","room":7,"seq":48212},
  client_mark_unread: {"ref":5,"t":"mark_unread","room":7,"seq":48209},
  client_ping: {"ref":5,"t":"ping"},
  client_post: {"ref":5,"t":"post","room":7,"client_id":"0192f0c1-2345-7abc-8def-0123456789ab","text":"Grüße\nSecond line."},
  client_rename_room: {"ref":5,"t":"rename_room","room":7,"name":"engineering","topic":"Shipping the Rust server."},
  client_typing: {"ref":5,"t":"typing","room":7},
};
