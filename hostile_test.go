package clarifai_test

import (
	"io"
	"log"
)

// nowhere is the log of a server that is made to complain.
var nowhere = log.New(io.Discard, "", 0)
