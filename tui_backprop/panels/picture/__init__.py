"""The picture of the computation graph, as text, in pure stages.

shape ▸ columns ▸ column_order ▸ gaps ▸ rows ▸ tracks ▸ boxes and routes ▸ layout ▸ drawing, made of glyphs ▸ view
"""
