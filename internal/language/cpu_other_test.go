//go:build !unix

package language

import "time"

var began = time.Now()

// cpuTime is the time gone by, where processor time cannot be had simply.
func cpuTime() time.Duration { return time.Since(began) }
