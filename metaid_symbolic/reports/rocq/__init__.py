"""Facts of decided claims as theorems of the Rocq prover (Coq), each with a script made from its stored certificate."""
