// The design of the tutorial "Chat System in Go and ReactJS", written anew: one pool goroutine owns the clients, hears of
// joins, leaves and messages on three unbuffered channels, and writes each message to each client itself, as JSON, one
// blocking write after the other. So a slow reader holds up everybody, and a join costs a write to all. In one thing this
// is kinder than the original: a client whose write fails is dropped, where there the pool ended.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"

	"github.com/gorilla/websocket"
)

type message struct {
	Type int    `json:"type"`
	Body string `json:"body"`
}

type client struct {
	conn *websocket.Conn
}

type pool struct {
	register   chan *client
	unregister chan *client
	broadcast  chan message
	clients    map[*client]bool
}

func (p *pool) run() {
	for {
		select {
		case c := <-p.register:
			p.clients[c] = true
			p.tell(message{websocket.TextMessage, "New User Joined..."})
		case c := <-p.unregister:
			if p.clients[c] {
				delete(p.clients, c)
				p.tell(message{websocket.TextMessage, "User Disconnected..."})
			}
		case m := <-p.broadcast:
			p.tell(m)
		}
	}
}

func (p *pool) tell(m message) {
	for c := range p.clients {
		if err := c.conn.WriteJSON(m); err != nil {
			delete(p.clients, c)
			c.conn.Close()
		}
	}
}

func (c *client) read(p *pool) {
	defer func() {
		p.unregister <- c
		c.conn.Close()
	}()
	for {
		kind, body, err := c.conn.ReadMessage()
		if err != nil {
			return
		}
		p.broadcast <- message{kind, string(body)}
	}
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: tutorial PORT")
	}
	p := &pool{make(chan *client), make(chan *client), make(chan message), make(map[*client]bool)}
	go p.run()
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
		c := &client{conn}
		p.register <- c
		c.read(p)
	})
	address := "127.0.0.1:" + os.Args[1]
	fmt.Println("listening on", address)
	log.Fatal(http.ListenAndServe(address, nil))
}
