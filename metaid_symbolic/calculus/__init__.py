"""Derivations: objectives, gradients, Hessians and Fisher matrices of meta-problems, exactly."""
