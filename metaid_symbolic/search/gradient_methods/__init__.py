"""Rates of gradient methods in every dimension, by interpolation inequalities and Gram matrices."""
