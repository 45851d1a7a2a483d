// FerretDB over SQLite on one loopback port, for tests: a server of MongoDB's protocol that is not
// the sandbox's. It is not atomic under concurrency, so tests use one connection.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"os/signal"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:27117", "address to listen on; port 0 is any free one")
	folder := flag.String("folder", "", "existing folder for the data; none keeps it in memory")
	flag.Parse()

	url := "file:./?mode=memory"
	if *folder != "" {
		url = "file:" + *folder + "/"
	}
	address, err := free(*listen)
	if err != nil {
		log.Fatal(err)
	}
	server, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: address},
		Handler:   "sqlite",
		SQLiteURL: url,
	})
	if err != nil {
		log.Fatal(err)
	}
	ended, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	fmt.Println("listening on " + address)
	if err := server.Run(ended); err != nil {
		log.Fatal(err)
	}
}

// free is the address with a port that is free now, since the server tells nobody which it took.
func free(address string) (string, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}
