// Serves a folder with net/http: go run main.go PORT FOLDER
//
// http.FileServer sets no entity tags, so a tag of the modification time is added, as its
// documentation suggests.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
	"path/filepath"
)

func main() {
	port, folder := os.Args[1], os.Args[2]
	files := http.FileServer(http.Dir(folder))
	tagged := func(w http.ResponseWriter, r *http.Request) {
		if info, err := os.Stat(filepath.Join(folder, filepath.Clean("/"+r.URL.Path))); err == nil {
			w.Header().Set("ETag", fmt.Sprintf("%q", fmt.Sprintf("%x-%x", info.ModTime().UnixNano(), info.Size())))
		}
		files.ServeHTTP(w, r)
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:"+port, http.HandlerFunc(tagged)))
}
