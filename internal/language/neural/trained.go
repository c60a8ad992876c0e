package neural

import (
	_ "embed"
	"sync"
)

// The model tools/train made; NOTICE says from what.
//
//go:embed model.bin
var trained []byte

// Trained returns the model that comes with the program, read once.
var Trained = sync.OnceValues(func() (*Model, error) { return Load(trained) })
