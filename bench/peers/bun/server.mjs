/**
 * Bun's publish and subscribe: the fan-out is uWebSockets' own, in C++, which gathers what is published in one turn and
 * writes it once per socket. The fastest server of those that people do use. It stores nothing.
 */
const port = Number(process.argv[2]);

const server = Bun.serve({
  hostname: "127.0.0.1",
  port,
  fetch(request, self) {
    const room = new URL(request.url).searchParams.get("room") ?? "0";
    return self.upgrade(request, { data: { room } })
      ? undefined
      : new Response("a WebSocket is wanted", { status: 426 });
  },
  websocket: {
    perMessageDeflate: false,
    // What a slow reader may have waiting: its loss would otherwise count as the server's.
    backpressureLimit: 64 * 1024 * 1024,
    open(socket) {
      socket.subscribe(socket.data.room);
    },
    message(socket, message) {
      server.publish(socket.data.room, message);
    },
  },
});
process.stdout.write(`listening on 127.0.0.1:${server.port}\n`);
