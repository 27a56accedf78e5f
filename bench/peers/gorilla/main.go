// The design of gorilla/websocket's chat example, written anew: a hub goroutine passes each message to a channel of 256 for
// each client; a goroutine per client reads, another writes, and what has queued up meanwhile goes out in one WebSocket
// message, a line each. A client whose channel is full is cut off: the hub never waits.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/gorilla/websocket"
)

const (
	queueMessages   = 256
	messageBytesMax = 64 * 1024
	writeWait       = 10 * time.Second
	pongWait        = 60 * time.Second
	pingPeriod      = 54 * time.Second
)

type client struct {
	conn  *websocket.Conn
	queue chan []byte
}

type hub struct {
	register   chan *client
	unregister chan *client
	broadcast  chan []byte
	clients    map[*client]bool
}

func (h *hub) run() {
	for {
		select {
		case c := <-h.register:
			h.clients[c] = true
		case c := <-h.unregister:
			h.drop(c)
		case text := <-h.broadcast:
			for c := range h.clients {
				select {
				case c.queue <- text:
				default:
					h.drop(c)
				}
			}
		}
	}
}

// Closing the queue tells the writing goroutine to end.
func (h *hub) drop(c *client) {
	if h.clients[c] {
		delete(h.clients, c)
		close(c.queue)
	}
}

func (c *client) read(h *hub) {
	defer func() {
		h.unregister <- c
		c.conn.Close()
	}()
	c.conn.SetReadLimit(messageBytesMax)
	c.conn.SetReadDeadline(time.Now().Add(pongWait))
	c.conn.SetPongHandler(func(string) error { return c.conn.SetReadDeadline(time.Now().Add(pongWait)) })
	for {
		_, text, err := c.conn.ReadMessage()
		if err != nil {
			return
		}
		h.broadcast <- text
	}
}

func (c *client) write() {
	ticker := time.NewTicker(pingPeriod)
	defer func() {
		ticker.Stop()
		c.conn.Close()
	}()
	for {
		select {
		case text, open := <-c.queue:
			c.conn.SetWriteDeadline(time.Now().Add(writeWait))
			if !open {
				c.conn.WriteMessage(websocket.CloseMessage, nil)
				return
			}
			if c.writeWithQueued(text) != nil {
				return
			}
		case <-ticker.C:
			c.conn.SetWriteDeadline(time.Now().Add(writeWait))
			if c.conn.WriteMessage(websocket.PingMessage, nil) != nil {
				return
			}
		}
	}
}

func (c *client) writeWithQueued(text []byte) error {
	w, err := c.conn.NextWriter(websocket.TextMessage)
	if err != nil {
		return err
	}
	w.Write(text)
	for n := len(c.queue); n > 0; n-- {
		more, open := <-c.queue
		if !open {
			break
		}
		w.Write([]byte{'\n'})
		w.Write(more)
	}
	return w.Close()
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: gorilla PORT")
	}
	h := &hub{make(chan *client), make(chan *client), make(chan []byte), make(map[*client]bool)}
	go h.run()
	upgrader := websocket.Upgrader{
		ReadBufferSize:  1024,
		WriteBufferSize: 1024,
		CheckOrigin:     func(*http.Request) bool { return true },
	}
	http.HandleFunc("/ws", func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		c := &client{conn, make(chan []byte, queueMessages)}
		h.register <- c
		go c.write()
		c.read(h)
	})
	address := "127.0.0.1:" + os.Args[1]
	fmt.Println("listening on", address)
	log.Fatal(http.ListenAndServe(address, nil))
}
