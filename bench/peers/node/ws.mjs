/**
 * The usual chat on Node: `ws` as it comes, and a loop over all clients for each message. One `send`, so one write, for
 * each client and message; JavaScript on one thread.
 */
import { WebSocket, WebSocketServer } from "ws";

const port = Number(process.argv[2]);
const server = new WebSocketServer({ host: "127.0.0.1", port, perMessageDeflate: false, backlog: 4096 });

server.on("listening", () => process.stdout.write(`listening on 127.0.0.1:${port}\n`));
server.on("connection", (socket) => {
  socket.on("error", () => socket.terminate());
  socket.on("message", (message, isBinary) => {
    for (const client of server.clients) {
      if (client.readyState === WebSocket.OPEN) client.send(message, { binary: isBinary });
    }
  });
});
