/**
 * Socket.IO as it comes, over WebSocket only: a room is joined on the way in, and a message is emitted to the room. It adds
 * packets of its own, acknowledgements, rooms and adapters; this is what a chat that uses it pays.
 */
import { createServer } from "node:http";
import { Server } from "socket.io";

const port = Number(process.argv[2]);
const http = createServer();
const io = new Server(http, { transports: ["websocket"] });

io.on("connection", (socket) => {
  const room = String(socket.handshake.query.room ?? 0);
  socket.join(room);
  socket.on("message", (text) => io.to(room).emit("message", text));
});
http.listen({ host: "127.0.0.1", port, backlog: 4096 }, () => process.stdout.write(`listening on 127.0.0.1:${port}\n`));
