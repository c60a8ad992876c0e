// Package neural tags and parses tokenised sentences with a two-layer BiLSTM
// and a biaffine scorer over arcs, all in integers: 8-bit weights, 16-bit
// activations, 32-bit sums, sigmoid and tanh read from tables. Its output is
// the same bits on every machine, with and without vector instructions, and at
// any batch size.
//
// tools/train makes the model; its README.md describes network and file.
// [Load] reads one, [Model.Annotator] gives a worker its scratch memory, and
// [Annotator.Annotate] does the work.
package neural
