"""The paper that figures are drawn on: a canvas, scales, small SVG paths, words that fit."""
